import { periodOf } from '../../core/accounts/bookingDates';
import { fieldErrors } from '../../core/errors/rows/fieldErrors';
import { readAuthorizationResponse } from '../../core/oauth/authorization/authorizationResponse';
import type { RedirectExpectations } from '../../core/oauth/authorization/verifiedRedirect';
import { createClient } from '../../core/oauth/client';
import { UsedGrants } from '../../core/oauth/grants/usedGrants';
import type { Endpoints } from '../../core/profile/endpoints';
import { assertHostOfBank, requestAddress } from '../../credentials/requestAddress';
import { requestHeaders } from '../../credentials/requestHeaders';
import { tlsOptions } from '../../credentials/tlsOptions';
import { bankOf, createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { consentAuthorization } from '../../core/tokens/consentAuthorization';
import { exchangeFaults } from '../../core/keys/certificateDates';
import { certificateAuthority, clientCertificate } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { jsonObject } from '../../nodes/jsonObject';
import { provokeEach, type Provocation, type Provocations } from './provocation';

let settings: BankSettings;
beforeAll(async () => {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  settings = {
    host: 'is.bank.example',
    clientId: 'client-1',
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
    certificateAuthorities: (await certificateAuthority()).certificate,
  };
});

/** Opens a credential with these changes. */
const filledIn =
  (changes: BankSettings): Provocation =>
  () =>
    failureOf(createProfile({ ...settings, ...changes }));

/** Prepares an HTTP request. */
const refused =
  (prepare: () => unknown): Provocation =>
  () =>
    failureOf(Promise.resolve().then(prepare));

/** Reads this as the code of an exchange. */
const pasted =
  (input: string, expected?: RedirectExpectations, changes?: Partial<Endpoints>): Provocation =>
  async () => {
    const client = await createClient(settings);
    const endpoints = { ...(await client.endpoints()), ...changes };
    return failureOf(readAuthorizationResponse(input, client, endpoints, expected));
  };

const REDIRECT = 'https://app.example/redirect#code=c-1&state=s-1&iss=https://bank.example';

/** Refreshes with a refresh token after which 2,000 others were used. */
async function usedLongAgo() {
  const usedGrants = new UsedGrants();
  const client = await createClient(settings, usedGrants);
  const { profile } = client;
  const { clientId, certificateThumbprints: certificates } = profile;
  const user = { bank: bankOf(profile), clientId, certificates, credential: profile };
  const tokens = { obtained_at: '', refresh_token_rotated: true };
  const received = { tokens, remarks: [], expected: {} };
  for (let count = 0; count <= 2000; count++) {
    const grant = { type: 'refresh_token', refreshToken: `rt-${count}` } as const;
    const lookAgain = () => Promise.resolve(received);
    await usedGrants.sendOnce(user, grant, { send: lookAgain, lookAgain });
  }
  return failureOf(client.refresh({ refreshToken: 'rt-0' }));
}

const provocations: Provocations<typeof fieldErrors> = {
  'dates-reversed': refused(() => periodOf('2026-03-31', '2026-03-01')),
  'field-missing': {
    Host: filledIn({ host: ' ' }),
    Issuer: filledIn({ bank: 'discovery', issuer: '' }),
    'Client ID': filledIn({ clientId: '' }),
    'Next Keys From': filledIn({ exchangeKeys: true, nextKeyId: 'key-2' }),
    'the next keys': filledIn({ exchangeKeys: true, nextKeysFrom: '2099-01-01' }),
    'Audience Value': filledIn({ audience: 'custom' }),
    'Key ID': filledIn({ keyIdSource: 'given' }),
    'Client Secret': filledIn({ clientAuthentication: 'client_secret_post' }),
    'Transport Certificate': filledIn({ transportCertificate: '' }),
    'Transport Private Key': filledIn({ transportPrivateKey: '' }),
    'PKCS#12 File': filledIn({ keyFormat: 'pkcs12' }),
    'Redirect URI': async () => failureOf((await createClient(settings)).exchange({ code: 'c-1' })),
  },
  'field-malformed': {
    From: refused(() => periodOf('01.03.2026')),
    'Client ID': filledIn({ clientId: 'client\n1' }),
    'Signature Algorithm': filledIn({ algorithm: 'none' as never }),
    'API Hosts': filledIn({ apiHosts: '*.bank.example' }),
    'Client Authentication': filledIn({ clientAuthentication: 'none' as never }),
    'Client Secret': filledIn({
      clientAuthentication: 'client_secret_post',
      clientSecret: 'one\ntwo',
    }),
    'Client Secret beside Extra Headers': filledIn({
      ...{ clientAuthentication: 'client_secret_basic', clientSecret: 's-1' },
      extraHeaders: 'Authorization: Basic YTpi',
    }),
    'Extra Headers': filledIn({ extraHeaders: `x-a: ${'1'.repeat(8000)}` }),
    'Account API Headers': filledIn({ accountApiHeaders: 'Authorization: Bearer a' }),
    'PKCS #12 File': filledIn({ pkcs12: 'M'.repeat(300_000) }),
    Payload: refused(() => jsonObject('[]', 'Payload')),
    'Key ID': filledIn({ keyIdSource: 'given', keyId: '-----BEGIN PRIVATE KEY-----' }),
    'Next Keys From': filledIn({ exchangeKeys: true, nextKeysFrom: 'tomorrow' }),
    'Next Keys From, after the certificate has ended': async () => {
      const { transportCertificate: nextTransportCertificate } = settings;
      const { profile } = await createClient({
        ...{ ...settings, exchangeKeys: true, nextKeysFrom: '2099-01-01' },
        nextTransportCertificate,
      });
      return exchangeFaults(profile)[0]!;
    },
  },
  'url-malformed': {
    'a path': filledIn({ host: 'is.bank.example/path' }),
    'http://': filledIn({ host: 'http://is.bank.example' }),
    'a request without TLS': refused(() => requestAddress({ url: ' http://bank.example/' })),
    'a request without a scheme': refused(() => requestAddress({ url: 'bank.example' })),
    'a request with a user name': refused(() => requestAddress({ url: 'https://a@bank.example' })),
  },
  'host-not-allowed': async () =>
    failureOf(
      assertHostOfBank(await createClient(settings), new URL('https://other.example/accounts')),
    ),
  'option-refused': {
    'Ignore SSL Issues': refused(async () => {
      const { identity } = (await createClient(settings)).profile;
      tlsOptions({ rejectUnauthorized: false }, identity, 'bank.example');
    }),
    'SSL Certificates': refused(async () => {
      const { identity } = (await createClient(settings)).profile;
      tlsOptions({ agentOptions: { ca: 'PEM' } }, identity, 'bank.example');
    }),
  },
  'endpoint-missing': async () => {
    const custom: BankSettings = {
      ...settings,
      bank: 'custom',
      issuer: 'https://bank.example',
      tokenEndpoint: 'https://bank.example/token',
    };
    return failureOf((await createClient(custom)).revoke({ token: 'rt-1' }));
  },
  'input-missing': {
    Token: async () => failureOf((await createClient(settings)).introspect({ token: ' ' })),
    Consent: async () =>
      failureOf(
        Promise.resolve().then(() => requestHeaders({ 'x-open-banking-consent': undefined })),
      ),
    'Authorization Code': pasted(''),
    'Refresh Token': async () =>
      failureOf((await createClient(settings)).refresh({ refreshToken: '' })),
  },
  'header-malformed': async () =>
    failureOf(Promise.resolve().then(() => requestHeaders({ Authorization: '{{ $json.x }}' }))),
  'consent-malformed': async () =>
    failureOf(consentAuthorization(await createClient(settings), { consent: 'a\0b' })),
  'code-malformed': pasted('https://app.example/redirect#state=s-1'),
  'state-mismatch': pasted(REDIRECT, { state: 's-2' }),
  'issuer-mismatch': {
    'another issuer': pasted(REDIRECT, {}, { issuer: 'https://other.example' }),
    'no issuer': pasted('https://app.example/redirect#code=c-1', {}, { namesIssuer: true }),
  },
  'refresh-token-malformed': async () =>
    failureOf((await createClient(settings)).refresh({ refreshToken: 'a\nb' })),
  'already-used': usedLongAgo,
};
provokeEach<typeof fieldErrors>(provocations);
