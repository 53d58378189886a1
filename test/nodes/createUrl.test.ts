import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import type { IDataObject, INode } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { Customer } from '../../sandbox/customer';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import { TestThirdParty } from '../sandbox/thirdParty';
import { sandboxCredential } from '../support/credential';
import { outputOf, runNode } from '../support/nodeExecution';
import { startSandbox, type Sandbox } from '../support/sandbox';

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

/** Runs the operation, and gives its items. */
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

/** What the bank answers when a consent is created, as it comes into the node. */
async function newConsent(): Promise<IDataObject> {
  const form = { grant_type: 'client_credentials', scope: 'openid accounts' };
  const { body: tokens } = await thirdParty.token(form);
  const Data = { Permissions: ['ReadAccountsDetail'] };
  const options = { method: 'POST', body: { Data, Risk: {} } };
  const { body } = await thirdParty.api('/account-access-consents', tokens.access_token, options);
  return body as unknown as IDataObject;
}

const consentIdOf = (item: IDataObject) => (item.Data as IDataObject).ConsentId as string;

/** Sends a customer there, who approves; what the bank redirects back with. */
async function approve(url: unknown): Promise<URL> {
  const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
  return new Customer(authority).approve(url as string, bank.ready.redirectUri);
}

async function findPending(state: unknown) {
  const pending = openPendingAuthorizations(await clientOf(credential), {});
  const found = await pending.find(state as string);
  return found === 'used' ? undefined : found;
}

const fragmentOf = ({ hash }: URL) => new URLSearchParams(hash.slice(1));

/** Exchanges a code by hand: the exchange is not what is tested here. */
const exchange = (code: string | null | undefined, codeVerifier?: string) =>
  thirdParty.token({
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: bank.ready.redirectUri,
    ...(codeVerifier && { code_verifier: codeVerifier }),
  });

it('leads a customer from the consent to a code that its verifier turns into tokens', async () => {
  const item = await newConsent();
  const [output] = await run({}, [item]);
  expect(output).toEqual({
    url: expect.stringMatching(`^${bank.ready.identityUrl}/oauth2/authorize\\?response_type=`),
    state: expect.stringMatching(/^[\w-]{43}$/),
    consent_id: consentIdOf(item),
    expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  const answer = fragmentOf(await approve(output!.url));
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

it('signs what WSO2 documents', async () => {
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

it('makes a code worthless without its verifier', async () => {
  const [output] = await run({}, [await newConsent()]);
  const answer = fragmentOf(await approve(output!.url));
  expect((await exchange(answer.get('code'))).status).toBe(400);
});

it('hands out the verifier where no pending authorization is kept', async () => {
  const [output] = await run({ options: { keepPending: false } }, [await newConsent()]);
  const answer = fragmentOf(await approve(output!.url));
  expect(await findPending(output!.state)).toBeUndefined();
  expect((await exchange(answer.get('code'), output!.code_verifier as string)).status).toBe(200);
});

it('has no nonce where no ID token is asked for', async () => {
  const options = { scope: 'accounts', keepPending: false };
  const [output] = await run({ consentId: '', responseType: 'code', options });
  expect(output).not.toHaveProperty('nonce');
  const claims = decodeJwt(new URL(output!.url as string).searchParams.get('request')!);
  expect(claims).toMatchObject({ scope: 'accounts', response_type: 'code' });
  expect(claims).not.toHaveProperty('nonce');
});

it('works without PKCE where the bank does not know it', async () => {
  const options = { pkce: false, keepPending: false };
  const [output] = await run({ options }, [await newConsent()]);
  expect(output).not.toHaveProperty('code_verifier');
  const answer = fragmentOf(await approve(output!.url));
  expect((await exchange(answer.get('code'))).status).toBe(200);
});

it('brings the answer in a signed JWT', async () => {
  const [output] = await run({ responseType: 'jwt' }, [await newConsent()]);
  const { searchParams } = await approve(output!.url);
  expect([...searchParams.keys()]).toEqual(['response']);
  const answer = decodeJwt(searchParams.get('response')!);
  expect(answer).toMatchObject({ state: output!.state, aud: bank.ready.clientId });
  const pending = await findPending(output!.state);
  expect(pending).toMatchObject({ responseType: 'code', responseMode: 'jwt' });
  expect((await exchange(answer.code as string, pending!.codeVerifier)).status).toBe(200);
});

it('asks for a form', async () => {
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
] as const)('is pushed to the bank beforehand, %s', async (_, authentication) => {
  const isAlone = 'clientAuthentication' in authentication;
  const clientId = isAlone ? bank.ready.tlsClientId : bank.ready.clientId;
  // The consent of another client would be refused on the bank's page: how it is pushed is what counts.
  await bank.clearRequests();
  const item = await newConsent();
  const changes = { ...authentication, clientId };
  const [output] = await run({ sendRequestAs: 'pushedRequestObject' }, [item], changes);
  const url = new URL(output!.url as string);
  expect([...url.searchParams.keys()]).toEqual(['client_id', 'request_uri']);
  const pushed = (await bank.requests()).find(({ path }) => path === '/oauth2/par')!;
  expect(pushed).toMatchObject({ status: 201, form: { client_id: clientId } });
  expect('client_assertion' in pushed.form).toBe(!isAlone);
  // As long as the bank says: a minute.
  expect(Date.parse(output!.expires_at as string) - Date.now()).toBeLessThan(61_000);
  if (isAlone) return;
  const answer = fragmentOf(await approve(url.href));
  expect(answer.get('state')).toBe(output!.state);
});

it.each(['requestObject', 'pushedRequestObject'])(
  'is found by discovery (%s)',
  async (sendRequestAs) => {
    const changes = { bank: 'discovery', issuer: bank.ready.issuer } as const;
    const [output] = await run({ sendRequestAs }, [await newConsent()], changes);
    expect(fragmentOf(await approve(output!.url)).get('state')).toBe(output!.state);
  },
);

it('is plain where nothing is signed, which a bank of FAPI grade refuses', async () => {
  const [output] = await run({ sendRequestAs: 'plain' }, [await newConsent()]);
  const { searchParams } = new URL(output!.url as string);
  expect(searchParams.has('request')).toBe(false);
  expect(JSON.parse(searchParams.get('claims')!)).toHaveProperty('userinfo');
  const redirect = fragmentOf(await approve(output!.url));
  expect([redirect.get('error'), redirect.get('state')]).toEqual([
    'invalid_request',
    output!.state,
  ]);
});

it('works by item, with a state for each', async () => {
  const items = [await newConsent(), {}, await newConsent()];
  const output = await run({}, items, {}, 'continueRegularOutput');
  expect(output.map((item) => item.consent_id)).toEqual([
    ...[consentIdOf(items[0]!), undefined, consentIdOf(items[2]!)],
  ]);
  // An expression that yields nothing is no request without a consent.
  expect(output[1]).toMatchObject({ error: { code: 'consent-missing', stage: 'configuration' } });
  expect(output[0]!.state).not.toBe(output[2]!.state);
});

it.each(['', '='])('asks for no consent if the field is left empty: "%s"', async (consentId) => {
  const options = { acrValues: '', maxAge: '', prompt: '' };
  const [output] = await run({ consentId, options });
  expect(output).not.toHaveProperty('consent_id');
  const claims = decodeJwt(new URL(output!.url as string).searchParams.get('request')!);
  for (const name of ['claims', 'max_age', 'prompt']) expect(claims).not.toHaveProperty(name);
});

it.each<[IDataObject, BankSettings, string]>([
  [{ responseType: 'token' }, {}, 'setting-malformed'],
  [{ sendRequestAs: 'carrier pigeon' }, {}, 'setting-malformed'],
  [{ options: { maxAge: -1 } }, {}, 'setting-malformed'],
  [{ options: { scope: 'accounts' } }, {}, 'setting-malformed'],
  [{ consentId: 'a\nb' }, {}, 'consent-malformed'],
  [{ options: { scope: 'accounts' }, responseType: 'code' }, {}, 'setting-malformed'],
  [{}, { redirectUri: '' }, 'redirect-uri-missing'],
  [{}, { redirectUri: 'https://app.example/#there' }, 'url-malformed'],
  [{}, { redirectUri: 'app.example/redirect' }, 'url-malformed'],
])('refuses %j with %j', async (parameters, changes, code) => {
  await expect(run({ consentId: 'c', ...parameters }, [{}], changes)).rejects.toMatchObject({
    name: 'NodeOperationError',
    context: { stage: 'configuration', code, itemIndex: 0 },
  });
});

it('says so where the pending authorization cannot be kept, before a customer is sent', async () => {
  const postgres = { keepTokensIn: 'postgres', postgresUrl: 'postgres://localhost:1/none' };
  await expect(run({ consentId: 'c' }, [{}], postgres as BankSettings)).rejects.toMatchObject({
    context: { stage: 'store', code: 'store-unavailable' },
  });
});
