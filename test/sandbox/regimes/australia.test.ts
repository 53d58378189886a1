import { describeBank } from './describeBank';

const ACCOUNTS = '/cds-au/v1/banking/accounts';

describeBank(
  {
    regime: 'australia',
    redirect: 'signed',
    lifetime: 600,
    acr: 'urn:cds.au:cdr:2',
    rotates: false,
    accounts: ACCOUNTS,
  },
  (thirdParty) => {
    const claims = (members: object) => ({
      parameters: { claims: { id_token: { acr: { essential: true } }, ...members } },
    });

    it.each([
      ['without', {}],
      ['with a', { sharing_duration: 0 }],
    ])('gives no refresh token %s sharing_duration of 0', async (_title, members) => {
      const approved = await thirdParty().approved('', claims(members));
      const { status, json } = await thirdParty().tokens(approved);
      expect([status, json.refresh_token]).toEqual([200, undefined]);
    });

    it('renews an arrangement under its ID, and ends the tokens before once there are new ones', async () => {
      const first = await thirdParty().tokens(await thirdParty().approved(''));
      const { cdr_arrangement_id, refresh_token } = first.json;
      expect(cdr_arrangement_id).toMatch(/./);
      const renewal = claims({ sharing_duration: 86_400, cdr_arrangement_id });
      const approved = await thirdParty().approved('', renewal);
      expect((await thirdParty().refreshed(refresh_token!)).status).toBe(200);
      const again = await thirdParty().tokens(approved);
      expect(again.json.cdr_arrangement_id).toBe(cdr_arrangement_id);
      const late = await thirdParty().refreshed(refresh_token!);
      expect(late.json.error).toBe('invalid_grant');
      const refreshed = await thirdParty().refreshed(again.json.refresh_token!);
      expect(refreshed.json.cdr_arrangement_id).toBe(cdr_arrangement_id);
    });

    it('refuses an arrangement that it does not know', async () => {
      const { parameters } = await thirdParty().approved(
        '',
        claims({ cdr_arrangement_id: 'unknown' }),
      );
      expect(parameters.error_description).toMatch(/^CDS Request Object, Specifying an existing/);
    });

    it('refuses a request object in the address', async () => {
      const { address } = await thirdParty().request('', { address: { request: 'jwt' } });
      const { status, text } = await thirdParty().call(address!, { certificate: 'none' });
      expect(status).toBe(400);
      expect(text).toContain('CDS Request Object, Data Holders (request)');
    });

    it.each([
      ['without a version', '', 400, 'Header/InvalidVersion'],
      ['for version 9', '9', 406, 'Header/UnsupportedVersion'],
    ])('refuses a request %s in x-v', async (_title, version, status, code) => {
      const answer = await thirdParty().gateway(ACCOUNTS, 'token', { headers: { 'x-v': version } });
      expect(answer.status).toBe(status);
      expect(answer.json.errors[0]!.code).toBe(`urn:au-cds:error:cds-all:${code}`);
    });

    it('has no client that authenticates with its certificate alone', async () => {
      const { identityUrl, tlsClientId } = thirdParty().bank.ready;
      const form = { grant_type: 'client_credentials', client_id: tlsClientId };
      const { status, text } = await thirdParty().post(`${identityUrl}/oauth2/token`, form);
      expect(status).toBe(401);
      expect(text).toContain('CDS Client Authentication');
    });
  },
);
