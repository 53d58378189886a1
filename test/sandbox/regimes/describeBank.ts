import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  compactDecrypt,
  createLocalJWKSet,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
} from 'jose';
import type { RegimeName } from '../../../sandbox/regimes/regime';
import { RegimeThirdParty } from './regimeThirdParty';

/** The differences in the answers of the bank of a regime. */
export interface Expected {
  regime: RegimeName;
  /** Where the parameters of the redirect are. In the fragment, an ID token is among them. */
  redirect: 'fragment' | 'query' | 'signed';
  /** Seconds that an access token lives. */
  lifetime: number;
  acr?: string;
  isEncrypted?: true;
  rotates: boolean;
  /** Path of the accounts at the gateway. */
  accounts?: string;
}

/**
 * Defines the tests of the bank of a regime: from the consent to the accounts, and its refusals and metadata.
 *
 * @param further tests at the same bank
 */
export function describeBank(
  expected: Expected,
  further: (thirdParty: () => RegimeThirdParty) => void = () => undefined,
): void {
  describe(`the bank of ${expected.regime}`, () => {
    const { regime, redirect, lifetime, acr, isEncrypted, rotates } = expected;
    const { accounts = '/open-banking/v3.1/aisp/accounts' } = expected;
    let thirdParty: RegimeThirdParty;

    beforeAll(async () => {
      thirdParty = await RegimeThirdParty.at({ regime });
    }, 60_000);

    afterAll(() => thirdParty?.stop());

    /** The claims of an ID token, decrypted and verified. */
    async function claimsOf(idToken: string) {
      const { identityUrl, issuer, clientId, files } = thirdParty.bank.ready;
      let jwt = idToken;
      if (isEncrypted) {
        expect(decodeProtectedHeader(idToken)).toMatchObject({ alg: 'RSA-OAEP', enc: 'A256GCM' });
        const key = createPrivateKey(readFileSync(files.clientEncryptionKey));
        jwt = String(Buffer.from((await compactDecrypt(idToken, key)).plaintext));
      }
      const { text } = await thirdParty.call(`${identityUrl}/oauth2/jwks`);
      const keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
      const options = { issuer, audience: clientId, algorithms: ['PS256'] };
      return (await jwtVerify(jwt, keys, options)).payload;
    }

    it('leads from the consent to the accounts, and refreshes as the regime has it', async () => {
      const consent = await thirdParty.createConsent();
      const approved = await thirdParty.approved(consent);
      const { url } = approved.place;
      const where = url.hash ? 'fragment' : url.searchParams.has('response') ? 'signed' : 'query';
      expect(where).toBe(redirect);
      expect(approved.parameters.error_description).toBeUndefined();
      expect(approved.parameters.id_token === undefined).toBe(redirect !== 'fragment');
      if (redirect !== 'fragment') {
        expect(approved.parameters.iss).toBe(thirdParty.bank.ready.issuer);
      }

      const { status, json: tokens } = await thirdParty.tokens(approved);
      expect(status).toBe(200);
      expect(tokens.expires_in).toBe(lifetime);
      expect((await claimsOf(tokens.id_token)).acr).toBe(acr);
      if (approved.parameters.id_token) {
        expect((await claimsOf(approved.parameters.id_token)).acr).toBe(acr);
      }

      const { status: read, text } = await thirdParty.gateway(accounts, tokens.access_token);
      expect([read, text.includes('3456')]).toEqual([200, true]);

      const { json: again } = await thirdParty.refreshed(tokens.refresh_token!);
      expect(again.access_token).not.toBe(tokens.access_token);
      expect(again.refresh_token === tokens.refresh_token).toBe(!rotates);
    });

    it('refuses with the words of its rules at PAR or in the address, and at the token endpoint', async () => {
      const consent = await thirdParty.createConsent();
      const parameters = { redirect_uri: undefined };
      const { address, answer } = await thirdParty.request(consent, { parameters });
      const words = answer?.text ?? (await thirdParty.call(address!, { certificate: 'none' })).text;
      expect(words).toMatch(
        /FAPI (1\.0 Baseline 5\.2\.2-9|2\.0 5\.3\.2\.2-6).*: redirect_uri is in/,
      );

      const assertion = { claims: { aud: 'https://other.example' } };
      const refused = await thirdParty.token({ grant_type: 'client_credentials' }, { assertion });
      expect(refused.status).toBe(401);
      expect(refused.text).toMatch(
        /(RFC 7523 3-3|FAPI 2\.0 5\.3\.2\.1-8).*: aud of client assertions/,
      );
    });

    it('names its demands in its metadata', async () => {
      const { identityUrl, issuer } = thirdParty.bank.ready;
      const { text } = await thirdParty.call(`${identityUrl}/.well-known/openid-configuration`);
      expect(JSON.parse(text)).toMatchObject({
        issuer,
        token_endpoint: `${identityUrl}/oauth2/token`,
        tls_client_certificate_bound_access_tokens: true,
        response_types_supported:
          redirect === 'fragment'
            ? (expect.arrayContaining(['code id_token']) as string[])
            : ['code'],
        ...(regime !== 'fapi1' &&
          regime !== 'uk' && { require_pushed_authorization_requests: true }),
        ...(isEncrypted && {
          id_token_encryption_alg_values_supported: ['RSA-OAEP'],
          id_token_encryption_enc_values_supported: ['A256GCM'],
        }),
        ...(acr && { acr_values_supported: expect.arrayContaining([acr]) as string[] }),
      });
    });

    further(() => thirdParty);
  });
}
