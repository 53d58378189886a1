import fc from 'fast-check';
import { BankClient, createClient } from '../../core/oauth/client';
import type { ReceivedTokens, TokenSet } from '../../core/oauth/grants/tokenSet';
import { UsedGrants } from '../../core/oauth/grants/usedGrants';
import type { Endpoints } from '../../core/profile/endpoints';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { accessToken, bankJwk, idToken, jwk, otherKey } from '../support/bank/idTokens';
import { raw } from '../support/bank/scriptedBank';
import { privateKeyOf } from '../support/keys/certificates';
import { breach, itHolds, reportCounts, runCase } from './caseOf';
import { byteChange } from './changes/bytes';
import { changed, changesOf } from './changes/change';
import { jsonChange, jsonOf, textOf } from './changes/json';
import { textChange } from './changes/text';
import { SecretPieces } from './secretPieces';

const REFRESH_TOKEN = 'Bq9wYt2mKs6/Nd4+Xf7Lr0Hc3Zv8';

let bank: AnsweringServer;
let profile: BankClient['profile'];
let secrets: SecretPieces;
let tokens: TokenSet;
let metadata: Record<string, unknown>;
let keySet: { keys: object[] };

beforeAll(async () => {
  bank = await startAnsweringServer();
  const settings = { ...(await customCredential(bank.url)), bank: 'discovery' as const };
  ({ profile } = await createClient(settings));
  metadata = metadataOf(bank.url);
  keySet = {
    keys: [await jwk(otherKey, 'bank-0'), await bankJwk(), await jwk(privateKeyOf('ec'), 'bank-2')],
  };
  // Its dates are good as long as the cases run.
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  const signed = await idToken({ claims: { iss: bank.url, exp } });
  tokens = {
    ...{ access_token: accessToken, refresh_token: REFRESH_TOKEN, id_token: signed },
    ...{ obtained_at: new Date().toISOString(), refresh_token_rotated: false },
  };
  const privateKey = settings.transportPrivateKey!;
  secrets = new SecretPieces([accessToken, REFRESH_TOKEN, signed, privateKey]);
});
afterAll(() => bank?.close());

reportCounts('metadata');

/** Metadata with all members that this package reads, and some that it does not. */
function metadataOf(url: string): Record<string, unknown> {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    pushed_authorization_request_endpoint: `${url}/par`,
    revocation_endpoint: `${url}/revoke`,
    introspection_endpoint: `${url}/introspect`,
    jwks_uri: `${url}/jwks`,
    mtls_endpoint_aliases: { token_endpoint: `${url}/mtls/token`, revocation_endpoint: null },
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['PS256', 'ES256'],
    token_endpoint_auth_signing_alg_values_supported: ['PS256'],
    request_object_signing_alg_values_supported: ['PS256'],
    scopes_supported: ['openid', 'accounts'],
    claims_parameter_supported: true,
  };
}

/** Publishes metadata and keys. The headers come with both. */
function publish(metadata: string | Buffer, keys: string | Buffer, headers: object): void {
  bank.answers['/.well-known/openid-configuration'] = raw(
    200,
    metadata,
    'application/json',
    headers,
  );
  bank.answers['/jwks'] = raw(200, keys, 'application/json', headers);
  bank.requests.length = 0;
}

/**
 * Reads the metadata, and checks stored tokens with the keys that it names. The tokens come back with their check, whatever the bank
 * publishes.
 */
async function expectEndpointsOrError(input: string | Buffer): Promise<void> {
  const client = new BankClient(profile, 'fingerprint', new UsedGrants());
  const { result } = await runCase(
    input,
    secrets,
    () => client.endpoints(),
    () => '',
  );
  if (result) assertEndpoints(result, input);
  // Nothing is asked at an address that a change made.
  if (result?.jwks && result.jwks.url !== metadata.jwks_uri) return;
  const check = () => client.checkAgain(tokens, { nonce: 'n-1' });
  const { result: checked, error } = await runCase(input, secrets, check, shownOf);
  if (!checked) breach('lost', `The check failed with ${error.text}`, input);
  const { access_token, refresh_token, authorization } = checked.tokens;
  if (access_token !== accessToken || refresh_token !== REFRESH_TOKEN) {
    breach('lost', `The tokens are ${JSON.stringify(checked.tokens)}`, input);
  }
  if ((authorization === undefined) !== (checked.failedCheck !== undefined)) {
    breach('lost', `authorization: ${authorization}, ${checked.failedCheck?.text}`, input);
  }
}

const shownOf = ({ remarks, failedCheck }: ReceivedTokens) => [remarks, failedCheck ?? ''];

function assertEndpoints(endpoints: Endpoints, input: string | Buffer): void {
  const { token, refresh, authorization, jwks } = endpoints;
  for (const url of [token?.url, refresh?.url, authorization, jwks?.url]) {
    if (url !== undefined && !/^https:\/\/[^/]/i.test(url)) {
      breach('crashes', `An endpoint has the address ${url}`, input);
    }
  }
}

const headers = fc.constantFrom<Record<string, string>>(
  ...[{}, {}, {}, { 'Cache-Control': 'max-age=0' }, { 'Cache-Control': 'max-age=9999999999' }],
  ...[
    { 'Cache-Control': 'max-age=-1, max-age="x' },
    { Date: 'x' },
    { 'Content-Type': 'text/html' },
  ],
);

it('unchanged metadata and keys pass', async () => {
  publish(JSON.stringify(metadata), JSON.stringify(keySet), {});
  const client = new BankClient(profile, 'fingerprint', new UsedGrants());
  const checked = await client.checkAgain(tokens, { nonce: 'n-1' });
  expect(checked.failedCheck).toBeUndefined();
});

itHolds({
  title: 'metadata with changed JSON gives endpoints or an error, and loses no token',
  share: 0.35,
  input: fc.tuple(changesOf(jsonChange), headers),
  holds: ([changes, sent]) => {
    const text = textOf(changed(jsonOf(metadata), changes));
    publish(text, JSON.stringify(keySet), sent);
    return expectEndpointsOrError(text);
  },
});

itHolds({
  title: 'metadata with changed text or bytes gives endpoints or an error, and loses no token',
  share: 0.15,
  input: fc.tuple(fc.array(textChange, { maxLength: 2 }), fc.array(byteChange, { maxLength: 2 })),
  holds: ([texts, bytes]) => {
    const body = changed(Buffer.from(changed(JSON.stringify(metadata), texts)), bytes);
    publish(body, JSON.stringify(keySet), {});
    return expectEndpointsOrError(body);
  },
});

itHolds({
  title: 'keys with changed JSON verify an ID token or refuse it, and lose no token',
  share: 0.35,
  input: fc.tuple(changesOf(jsonChange), headers),
  holds: ([changes, sent]) => {
    const text = textOf(changed(jsonOf(keySet), changes));
    publish(JSON.stringify(metadata), text, sent);
    return expectEndpointsOrError(text);
  },
});

itHolds({
  title: 'keys with changed text or bytes verify an ID token or refuse it, and lose no token',
  share: 0.15,
  input: fc.tuple(fc.array(textChange, { maxLength: 2 }), fc.array(byteChange, { maxLength: 2 })),
  holds: ([texts, bytes]) => {
    const body = changed(Buffer.from(changed(JSON.stringify(keySet), texts)), bytes);
    publish(JSON.stringify(metadata), body, {});
    return expectEndpointsOrError(body);
  },
});
