import { describeBank } from './describeBank';

const CONSENTS = '/open-banking/consents/v3/consents';
const document = (rel: string, identification: string) => ({ document: { rel, identification } });

describeBank(
  {
    regime: 'brazil',
    redirect: 'fragment',
    lifetime: 900,
    acr: 'urn:brasil:openbanking:loa2',
    isEncrypted: true,
    rotates: false,
    accounts: '/open-banking/accounts/v2/accounts',
  },
  (thirdParty) => {
    it.each<[string, object, number, RegExp]>([
      [
        'with a CPF of ten digits',
        { loggedUser: document('CPF', '1234567890') },
        400,
        /loggedUser.document has rel "CPF", and identification with 11 digits/,
      ],
      ['without a person', { loggedUser: undefined }, 400, /loggedUser.document has rel "CPF"/],
      [
        'with a CNPJ of eleven digits',
        { businessEntity: document('CNPJ', '52998224725') },
        400,
        /businessEntity.document has rel "CNPJ", and identification with 14 digits/,
      ],
      ['without permissions', { permissions: [] }, 400, /permissions is missing/],
      ['with an unknown permission', { permissions: ['ReadAccountsDetail'] }, 422, /ReadAccounts/],
      ['with a part of a group', { permissions: ['ACCOUNTS_READ'] }, 422, /no RESOURCES_READ/],
      [
        'with milliseconds in its end',
        { expirationDateTime: new Date(Date.now() + 86_400_000).toISOString() },
        400,
        /expirationDateTime is like/,
      ],
      [
        'for two years',
        { expirationDateTime: `${new Date().getUTCFullYear() + 2}-01-01T00:00:00Z` },
        422,
        /next twelve months/,
      ],
    ])('refuses a consent %s', async (_title, data, status, words) => {
      const answer = await thirdParty().createBrazilConsent(data);
      expect(answer.status).toBe(status);
      expect(answer.json.errors[0]!.detail).toMatch(words);
    });

    it('creates consents with the scope "consents" alone, and shows and ends them', async () => {
      const refused = await thirdParty().createBrazilConsent({}, 'accounts');
      expect([refused.status, refused.json.errors[0]!.detail]).toEqual([
        403,
        'The token does not have the scope consents',
      ]);
      const { status, json } = await thirdParty().createBrazilConsent();
      expect([status, json.data.status]).toEqual([201, 'AWAITING_AUTHORISATION']);
      const path = `${CONSENTS}/${json.data.consentId}`;
      const token = await thirdParty().applicationToken('consents');
      expect((await thirdParty().gateway(path, token, { method: 'DELETE' })).status).toBe(204);
      expect((await thirdParty().gateway(path, token)).json.data.status).toBe('REJECTED');
    });

    it('refuses a request without x-fapi-interaction-id', async () => {
      const headers = { 'x-fapi-interaction-id': '' };
      const { status, json } = await thirdParty().gateway(CONSENTS, 'token', { headers });
      expect(status).toBe(400);
      expect(json.errors[0]!.detail).toMatch(/^Open Finance Brasil 5\.2\.2-23: /);
    });

    it.each([
      ['person', { loggedUser: document('CPF', '11144477735') }],
      ['company', { businessEntity: document('CNPJ', '11444777000161') }],
    ])('denies access if the consent is of another %s', async (_title, data) => {
      const { json } = await thirdParty().createBrazilConsent(data);
      const { parameters } = await thirdParty().approved(json.data.consentId);
      expect(parameters.error).toBe('access_denied');
      expect(parameters.error_description).toMatch(/^Open Finance Brasil 7\.2\.2-9/);
    });

    it('refuses a refresh after the customer has ended the consent', async () => {
      const consent = await thirdParty().createConsent();
      const { json } = await thirdParty().tokens(await thirdParty().approved(consent));
      await thirdParty().bank.revoke(consent);
      const refreshed = await thirdParty().refreshed(json.refresh_token!);
      expect(refreshed.json).toMatchObject({
        error: 'invalid_grant',
        error_description: 'Open Finance Brasil 7.2.2-1: the consent is REVOKED',
      });
      const path = '/open-banking/accounts/v2/accounts';
      expect((await thirdParty().gateway(path, json.access_token)).status).toBe(401);
    });
  },
);
