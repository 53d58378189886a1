import { decodeJwt, type JWTPayload } from 'jose';
import { describeBank } from './describeBank';

const CONSENTS = '/open-banking/v3.1/aisp/account-access-consents';

describeBank(
  { regime: 'saudiArabia', redirect: 'fragment', lifetime: 3_600, rotates: true },
  (thirdParty) => {
    it('also finds the consent in the claim openbanking_intent_id', async () => {
      const value = await thirdParty().createConsent();
      const claims = { id_token: { openbanking_intent_id: { value, essential: true } } };
      const parameters = { scope: 'openid accounts', claims };
      const approved = await thirdParty().approved('', { parameters });
      expect(decodeJwt(approved.parameters.id_token!)).toMatchObject({
        openbanking_intent_id: value,
      });
    });

    it('names the consent in the scope of the tokens', async () => {
      const consent = await thirdParty().createConsent();
      const { text } = await thirdParty().tokens(await thirdParty().approved(consent));
      expect((JSON.parse(text) as { scope: string }).scope).toBe(`openid accounts:${consent}`);
    });
  },
);

describeBank(
  { regime: 'saudiArabiaFapi2', redirect: 'query', lifetime: 600, rotates: false },
  (thirdParty) => {
    const message = { Data: { Permissions: ['ReadAccountsDetail'] }, Risk: {} };

    async function create(body: string, type = 'application/jwt') {
      const token = await thirdParty().applicationToken('accounts');
      const headers = { 'content-type': type, accept: 'application/jwt' };
      return thirdParty().gateway(CONSENTS, token, { method: 'POST', headers, body });
    }

    it('answers a signed consent request with a signed answer', async () => {
      const { status, headers, text } = await create(await thirdParty().signedMessage(message));
      expect([status, headers['content-type']]).toEqual([201, 'application/jwt']);
      expect(decodeJwt(text)).toMatchObject({
        iss: thirdParty().bank.ready.issuer,
        message: { Data: { Status: 'AwaitingAuthorisation' } },
      });
    });

    it('shows a consent signed, and ends it by a signed request', async () => {
      const path = `${CONSENTS}/${await thirdParty().createConsent()}`;
      const token = await thirdParty().applicationToken('accounts');
      const headers = { 'content-type': 'application/jwt', accept: 'application/jwt' };
      const end = async (ConsentStatus: string) => {
        const body = await thirdParty().signedMessage({ Data: { ConsentStatus } });
        return (await thirdParty().gateway(path, token, { method: 'PATCH', headers, body })).status;
      };
      expect([await end('Finished'), await end('Rejected')]).toEqual([400, 204]);
      const { text } = await thirdParty().gateway(path, token, { headers });
      expect(decodeJwt(text)).toMatchObject({ message: { Data: { Status: 'Revoked' } } });
    });

    it('signs account data for a client that reads it', async () => {
      const approved = await thirdParty().approved(await thirdParty().createConsent());
      const { access_token: token } = (await thirdParty().tokens(approved)).json;
      const headers = { accept: 'application/jwt, application/json' };
      const path = '/open-banking/v3.1/aisp/accounts';
      const { text } = await thirdParty().gateway(path, token, { headers });
      expect(decodeJwt(text)).toMatchObject({
        message: { Data: { Account: [{ Nickname: 'Household' }] } },
      });
    });

    it.each<[string, JWTPayload, RegExp]>([
      ['for another bank', { aud: ['https://other.example'] }, /signed by the client: .*"aud"/],
      ['of another client', { iss: 'somebody' }, /signed by the client: .*"iss"/],
      ['without an end', { exp: undefined }, /lives for an hour at most/],
      ['without a message', { message: undefined }, /has a claim "message"/],
    ])('refuses a signed consent request %s', async (_title, claims, words) => {
      const { status, json } = await create(await thirdParty().signedMessage(message, claims));
      expect(status).toBe(400);
      expect(json.Errors[0]!.Message).toMatch(words);
    });

    it('refuses a consent request that is not signed', async () => {
      const { status, json } = await create(JSON.stringify(message), 'application/json');
      expect(status).toBe(400);
      expect(json.Errors[0]!.Message).toContain('the Content-Type of a consent request is');
    });

    it('refuses a consent request that another key has signed', async () => {
      const { clientId, issuer } = thirdParty().bank.ready;
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: clientId, aud: [issuer], iat: now, nbf: now, exp: now + 60, message };
      const { status, json } = await create(
        await thirdParty().sign(claims, { key: 'otherClient' }),
      );
      expect(status).toBe(400);
      expect(json.Errors[0]!.Message).toContain('is a JWT signed by the client: ');
    });
  },
);
