import type { BankSettings } from '../../../core/profile/settings';
import { json, raw } from '../../support/bank/scriptedBank';
import { diagnosedBank, refusal } from './diagnosedBank';

const bank = diagnosedBank();

describe('diagnoseSettings at another bank', () => {
  it('names the algorithms of the metadata if the bank refuses the client', async () => {
    bank.answers = {
      authorization_code: refusal('invalid_client'),
      metadata: json(200, {
        issuer: bank.server.url,
        token_endpoint: `${bank.server.url}/token`,
        token_endpoint_auth_signing_alg_values_supported: ['ES256'],
      }),
    };
    const discovered = { bank: 'discovery', issuer: bank.server.url } as const;
    const { failure } = await bank.diagnose(discovered);
    expect(failure!.description).toContain(
      'does not offer PS256 for client assertions; it offers: ES256.',
    );
  });

  describe('with metadata', () => {
    let clients = 0;
    const discovered = (metadata: object, changes: BankSettings = {}) => {
      bank.answers.metadata = json(200, {
        ...{ issuer: bank.server.url, token_endpoint: `${bank.server.url}/token` },
        ...metadata,
      });
      // A client remembers metadata.
      const clientId = `client-with-metadata-${++clients}`;
      const discovery = { bank: 'discovery', issuer: bank.server.url, clientId } as const;
      return bank.diagnose({ ...changes, ...discovery });
    };
    const METHODS = { token_endpoint_auth_methods_supported: ['private_key_jwt'] };
    const secret: BankSettings = {
      clientAuthentication: 'client_secret_basic',
      clientSecret: 's3cret-1',
    };
    const words =
      'The metadata of the bank does not offer client_secret_basic for client authentication; it offers: private_key_jwt';

    it('names the client authentication that it does not offer first, if the bank refuses the client', async () => {
      bank.answers = { authorization_code: json(401, { error: 'invalid_client' }) };
      const { failure, notices } = await discovered(METHODS, secret);
      expect(failure!.description.startsWith(`${words}.`)).toBe(true);
      // Once is enough.
      expect(failure!.text.split(words)).toHaveLength(2);
      expect(notices).toEqual([]);
    });

    it('names it if the bank gives no reason', async () => {
      bank.answers = { authorization_code: raw(401, '') };
      const { failure } = await discovered(METHODS, secret);
      expect(failure!.text).toContain(words);
    });

    it('has a notice, and does not fail, if the bank accepts the client all the same', async () => {
      bank.answers = { authorization_code: refusal('invalid_grant') };
      const { failure, notices } = await discovered(METHODS, secret);
      expect(failure).toBeUndefined();
      expect(notices.map(({ code, message }) => `${code}: ${message}`)).toEqual([
        `not-offered: ${words}`,
      ]);
      expect((await discovered(METHODS)).notices).toEqual([]);
    });

    it('has a notice about DPoP if the bank does not say that it binds tokens to certificates', async () => {
      bank.answers = { authorization_code: refusal('invalid_grant') };
      const dpop = { dpop_signing_alg_values_supported: ['PS256'] };
      const { failure, notices } = await discovered(dpop);
      expect(failure).toBeUndefined();
      expect(notices.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^This bank may want tokens that are bound by DPoP, which this/),
      ]);
      const bound = { ...dpop, tls_client_certificate_bound_access_tokens: true };
      expect((await discovered(bound)).notices).toEqual([]);
    });

    it('says nothing about the mutual TLS of an endpoint that has an alias', async () => {
      bank.answers = { authorization_code: refusal('invalid_grant') };
      const alias = { mtls_endpoint_aliases: { token_endpoint: `${bank.server.url}/mtls/token` } };
      const { failure } = await discovered({ ...alias, token_endpoint: 'https://localhost:1/' });
      expect(failure).toBeUndefined();
      expect(bank.server.requests.at(-1)!.url).toBe('/mtls/token');
    });
  });
});
