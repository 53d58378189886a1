import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { IDataObject, INode } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import { TestThirdParty } from '../sandbox/thirdParty';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';

let bank: Sandbox;
let credential: BankSettings;
let thirdParty: TestThirdParty;

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
  thirdParty = new TestThirdParty(bank.ready);
});
afterAll(async () => {
  thirdParty?.close();
  await bank?.stop();
});

/** Runs the operation, and returns its output items. */
async function run(
  parameters: IDataObject = {},
  items: IDataObject[] = [{}],
  changes: BankSettings = {},
  onError?: INode['onError'],
): Promise<IDataObject[]> {
  const task = await runNode({
    credential: { ...credential, ...changes },
    items,
    onError,
    parameters: {
      resource: 'authorization',
      operation: 'createUrl',
      ...parameters,
    },
  });
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

/** The bank's answer to a new consent: the input of the node. */
async function newConsent(): Promise<IDataObject> {
  const form = { grant_type: 'client_credentials', scope: 'openid accounts' };
  const { body: tokens } = await thirdParty.token(form);
  const Data = { Permissions: ['ReadAccountsDetail'] };
  const options = { method: 'POST', body: { Data, Risk: {} } };
  const { body } = await thirdParty.api('/account-access-consents', tokens.access_token, options);
  return body as unknown as IDataObject;
}

const consentIdOf = (item: IDataObject) => (item.Data as IDataObject).ConsentId as string;

async function findPending(state: unknown) {
  const pending = openPendingAuthorizations(await clientOf(credential), {});
  const found = await pending.find(state as string);
  return found === 'used' ? undefined : found;
}

const fragmentOf = ({ hash }: URL) => new URLSearchParams(hash.slice(1));

/** Exchanges a code without the node. */
const exchange = (code: string | null | undefined, codeVerifier?: string) =>
  thirdParty.token({
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: bank.ready.redirectUri,
    ...(codeVerifier && { code_verifier: codeVerifier }),
  });

it('returns an address at which a customer gets a code that can be exchanged with the stored verifier', async () => {
  const item = await newConsent();
  const [output] = await run({}, [item]);
  expect(output).toEqual({
    url: expect.stringMatching(`^${bank.ready.identityUrl}/oauth2/authorize\\?response_type=`),
    state: expect.stringMatching(/^[\w-]{43}$/),
    consent_id: consentIdOf(item),
    expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  const answer = fragmentOf(await bank.approve(output!.url));
  expect(answer.get('state')).toBe(output!.state);
  const idToken = decodeJwt(answer.get('id_token')!);
  expect(idToken).toMatchObject({
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    openbanking_intent_id: consentIdOf(item),
    acr: 'urn:openbanking:psd2:sca',
  });
  const stateHash = createHash('sha256')
    .update(output!.state as string)
    .digest();
  expect(idToken.s_hash).toBe(stateHash.subarray(0, 16).toString('base64url'));

  const pending = await findPending(answer.get('state'));
  expect(pending).toEqual({
    state: output!.state,
    nonce: idToken.nonce,
    codeVerifier: expect.stringMatching(/^[\w-]{43}$/),
    consentId: consentIdOf(item),
    redirectUri: bank.ready.redirectUri,
    responseType: 'code id_token',
    acrValues: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'],
    maxAge: 86_400,
    requestedAt: expect.closeTo(Date.now() / 1000, -2),
  });
  const { status, body } = await exchange(answer.get('code'), pending!.codeVerifier);
  expect([status, typeof body.access_token]).toEqual([200, 'string']);
});

it('signs a request object with the claims that WSO2 documents', async () => {
  const item = await newConsent();
  const [output] = await run({}, [item]);
  const parameters = new URL(output!.url as string).searchParams;
  const intent = { openbanking_intent_id: { value: consentIdOf(item), essential: true } };
  const claims = decodeJwt(parameters.get('request')!);
  expect(claims).toMatchObject({
    iss: bank.ready.clientId,
    aud: bank.ready.issuer,
    client_id: bank.ready.clientId,
    response_type: 'code id_token',
    redirect_uri: bank.ready.redirectUri,
    scope: 'openid accounts',
    state: output!.state,
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    max_age: 86_400,
    prompt: 'login',
    code_challenge_method: 'S256',
    claims: {
      userinfo: intent,
      id_token: {
        ...intent,
        acr: { essential: true, values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'] },
      },
    },
  });
  expect(claims.exp! - claims.nbf!).toBe(600);
  expect(Date.parse(output!.expires_at as string) / 1000).toBe(claims.exp);
});

it('makes the code useless without the verifier', async () => {
  const [output] = await run({}, [await newConsent()]);
  const answer = fragmentOf(await bank.approve(output!.url));
  expect((await exchange(answer.get('code'))).status).toBe(400);
});

it('returns the verifier if the pending authorization is not stored', async () => {
  const [output] = await run({ options: { keepPending: false } }, [await newConsent()]);
  const answer = fragmentOf(await bank.approve(output!.url));
  expect(await findPending(output!.state)).toBeUndefined();
  expect((await exchange(answer.get('code'), output!.code_verifier as string)).status).toBe(200);
});

it('returns no nonce if no ID token is requested', async () => {
  const options = { scope: 'accounts', keepPending: false };
  const [output] = await run({ consentId: '', responseType: 'code', options });
  expect(output).not.toHaveProperty('nonce');
  const claims = decodeJwt(new URL(output!.url as string).searchParams.get('request')!);
  expect(claims).toMatchObject({ scope: 'accounts', response_type: 'code' });
  expect(claims).not.toHaveProperty('nonce');
});

it('omits PKCE if the option is off', async () => {
  const options = { pkce: false, keepPending: false };
  const [output] = await run({ options }, [await newConsent()]);
  expect(output).not.toHaveProperty('code_verifier');
  const answer = fragmentOf(await bank.approve(output!.url));
  expect((await exchange(answer.get('code'))).status).toBe(200);
});

it('requests the answer in a signed JWT (JARM)', async () => {
  const [output] = await run({ responseType: 'jwt' }, [await newConsent()]);
  const { searchParams } = await bank.approve(output!.url);
  expect([...searchParams.keys()]).toEqual(['response']);
  const answer = decodeJwt(searchParams.get('response')!);
  expect(answer).toMatchObject({ state: output!.state, aud: bank.ready.clientId });
  const pending = await findPending(output!.state);
  expect(pending).toMatchObject({ responseType: 'code', responseMode: 'jwt' });
  expect((await exchange(answer.code as string, pending!.codeVerifier)).status).toBe(200);
});

it('requests the answer as a form (form_post)', async () => {
  const [hybrid] = await run({ options: { formPost: true } }, [await newConsent()]);
  expect(await findPending(hybrid!.state)).toMatchObject({ responseMode: 'form_post' });
  expect(new URL(hybrid!.url as string).searchParams.get('response_mode')).toBe('form_post');
  const jarm = { responseType: 'jwt', options: { formPost: true } };
  const [signed] = await run(jarm, [await newConsent()]);
  expect(await findPending(signed!.state)).toMatchObject({ responseMode: 'form_post.jwt' });
});

it.each([
  ['with an assertion', {}],
  ['with the certificate alone', { clientAuthentication: 'tls_client_auth' }],
] as const)('pushes the request to the bank (PAR) %s', async (_, authentication) => {
  const isAlone = 'clientAuthentication' in authentication;
  const clientId = isAlone ? bank.ready.tlsClientId : bank.ready.clientId;
  // The consent belongs to another client, so only the pushed request is tested for this client.
  await bank.clearRequests();
  const item = await newConsent();
  const changes = { ...authentication, clientId };
  const [output] = await run({ sendRequestAs: 'pushedRequestObject' }, [item], changes);
  const url = new URL(output!.url as string);
  expect([...url.searchParams.keys()]).toEqual(['client_id', 'request_uri']);
  const pushed = (await bank.requests()).find(({ path }) => path === '/oauth2/par')!;
  expect(pushed).toMatchObject({ status: 201, form: { client_id: clientId } });
  expect('client_assertion' in pushed.form).toBe(!isAlone);
  // The bank says that it lives for a minute.
  expect(Date.parse(output!.expires_at as string) - Date.now()).toBeLessThan(61_000);
  if (isAlone) return;
  const answer = fragmentOf(await bank.approve(url.href));
  expect(answer.get('state')).toBe(output!.state);
});

it.each(['requestObject', 'pushedRequestObject'])(
  'uses the endpoints of the metadata (%s)',
  async (sendRequestAs) => {
    const changes = { bank: 'discovery', issuer: bank.ready.issuer } as const;
    const [output] = await run({ sendRequestAs }, [await newConsent()], changes);
    expect(fragmentOf(await bank.approve(output!.url)).get('state')).toBe(output!.state);
  },
);

it('sends plain parameters, which the bank refuses because it follows FAPI', async () => {
  const [output] = await run({ sendRequestAs: 'plain' }, [await newConsent()]);
  const { searchParams } = new URL(output!.url as string);
  expect(searchParams.has('request')).toBe(false);
  expect(JSON.parse(searchParams.get('claims')!)).toHaveProperty('userinfo');
  const redirect = fragmentOf(await bank.approve(output!.url));
  expect([redirect.get('error'), redirect.get('state')]).toEqual([
    'invalid_request',
    output!.state,
  ]);
});

it('creates an address with its own state for each item', async () => {
  const items = [await newConsent(), {}, await newConsent()];
  const output = await run({}, items, {}, 'continueRegularOutput');
  expect(output.map((item) => item.consent_id)).toEqual([
    ...[consentIdOf(items[0]!), undefined, consentIdOf(items[2]!)],
  ]);
  // An expression without a value must not lead to a request without a consent.
  expect(output[1]).toMatchObject({ error: { code: 'input-missing', stage: 'configuration' } });
  expect(output[0]!.state).not.toBe(output[2]!.state);
});

it.each(['', '='])('requests no consent if the field is empty: "%s"', async (consentId) => {
  const options = { acrValues: '', maxAge: '', prompt: '' };
  const [output] = await run({ consentId, options });
  expect(output).not.toHaveProperty('consent_id');
  const claims = decodeJwt(new URL(output!.url as string).searchParams.get('request')!);
  for (const name of ['claims', 'max_age', 'prompt']) expect(claims).not.toHaveProperty(name);
});

it.each<[IDataObject, BankSettings, string]>([
  [{ responseType: 'token' }, {}, 'field-malformed'],
  [{ sendRequestAs: 'carrier pigeon' }, {}, 'field-malformed'],
  [{ options: { maxAge: -1 } }, {}, 'field-malformed'],
  [{ options: { scope: 'accounts' } }, {}, 'field-malformed'],
  [{ consentId: 'a\nb' }, {}, 'consent-malformed'],
  [{ options: { scope: 'accounts' }, responseType: 'code' }, {}, 'field-malformed'],
  [{}, { redirectUri: '' }, 'field-missing'],
  [{}, { redirectUri: 'https://app.example/#there' }, 'url-malformed'],
  [{}, { redirectUri: 'app.example/redirect' }, 'url-malformed'],
])('refuses %j with %j', async (parameters, changes, code) => {
  await expect(run({ consentId: 'c', ...parameters }, [{}], changes)).rejects.toMatchObject({
    name: 'NodeOperationError',
    context: { stage: 'configuration', code, itemIndex: 0 },
  });
});

it('fails if the pending authorization cannot be stored', async () => {
  const postgres = { keepTokensIn: 'postgres', postgresUrl: 'postgres://localhost:1/none' };
  await expect(run({ consentId: 'c' }, [{}], postgres as BankSettings)).rejects.toMatchObject({
    context: { stage: 'store', code: 'store-unavailable' },
  });
});
