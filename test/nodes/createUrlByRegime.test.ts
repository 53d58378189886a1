import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openConsentTokens, openPendingAuthorizations } from '../../core/tokens/openStores';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { json } from '../support/bank/scriptedBank';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

let server: AnsweringServer;
let credential: BankSettings;
ownUserFolder();

beforeAll(async () => {
  server = await startAnsweringServer();
  server.answers['/par'] = json(201, { request_uri: 'urn:example:1', expires_in: 60 });
  credential = {
    ...(await customCredential(server.url)),
    authorizationEndpoint: 'https://bank.example/authorize',
    pushedAuthorizationRequestEndpoint: `${server.url}/par`,
    scope: 'openid accounts',
  };
});
afterAll(() => server?.close());
beforeEach(() => {
  server.requests.length = 0;
});

/** A link, the request that it stands for, and what is stored for the answer. */
interface Made {
  readonly item: IDataObject;
  readonly address: URLSearchParams;
  /** The claims of the request object; the parameters of the form or of the address if there is none. */
  readonly request: JWTPayload;
  /** The header of the request object. */
  readonly header: object;
  readonly pending: object;
  readonly hints: string;
}

const WSO2 = { bank: 'wso2', host: 'is.bank.example' } as const;

/** Runs the operation for one item. */
async function make(
  changes: BankSettings,
  item: IDataObject = { consent_id: 'consent-1' },
  options: INodeParameters = {},
  fields: INodeParameters = {},
): Promise<Made> {
  const settings = { ...credential, ...changes };
  const task = await runNode({
    credential: settings,
    items: [item],
    parameters: { resource: 'authorization', operation: 'createUrl', options, ...fields },
  });
  if (task.error) throw task.error as Error;
  const { json: output } = outputOf(task)[0]!;
  const address = new URL(output.url as string).searchParams;
  const form = new URLSearchParams(server.requests.at(-1)?.body);
  const object = address.get('request') ?? form.get('request');
  const pending = openPendingAuthorizations(await clientOf(settings), {});
  return {
    item: output,
    address,
    request: object ? decodeJwt(object) : Object.fromEntries(form.size > 0 ? form : address),
    header: object ? decodeProtectedHeader(object) : {},
    pending: (await pending.findWaiting(output.state as string))!,
    hints: (task.hints ?? []).map(({ message }) => message).join(' '),
  };
}

const refusal = (...given: Parameters<typeof make>) =>
  make(...given).then(
    () => undefined,
    (error: unknown) => error,
  );

const intent = { openbanking_intent_id: { value: 'consent-1', essential: true } };
const psd2 = ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'];

describe('with the defaults of all fields', () => {
  it('asks a bank without a regime as before: a request object in the address, code and ID token, the consent as a claim', async () => {
    const { request, header, pending, address } = await make({});
    expect([...address.keys()]).toContain('request');
    expect(request).toMatchObject({
      response_type: 'code id_token',
      scope: 'openid accounts',
      claims: { userinfo: intent, id_token: intent },
    });
    for (const name of ['max_age', 'prompt', 'response_mode']) {
      expect(request).not.toHaveProperty(name);
    }
    expect(header).toMatchObject({ typ: 'oauth-authz-req+jwt' });
    expect(pending).toMatchObject({ consentId: 'consent-1', responseType: 'code id_token' });
  });

  it('asks WSO2 as before, with the type "JWT", and requires no claim that WSO2 leaves out', async () => {
    const { request, header, pending } = await make(WSO2);
    expect(header).toMatchObject({ typ: 'JWT' });
    expect(request).toMatchObject({
      ...{ response_type: 'code id_token', max_age: 86_400, prompt: 'login' },
      claims: { id_token: { acr: { values: psd2, essential: true } } },
    });
    expect(pending).toMatchObject({ acrValues: psd2, maxAge: 86_400 });
    expect(pending).not.toHaveProperty('requiredClaims');
  });

  it('asks a UK bank behind discovery or custom endpoints for the log-in of PSD2', async () => {
    const { request, pending } = await make({ regime: 'uk' });
    expect(request).toMatchObject({
      claims: { userinfo: intent, id_token: { ...intent, acr: { values: psd2, essential: true } } },
    });
    expect(pending).toMatchObject({ acrValues: psd2, requiredClaims: ['acr'] });
  });

  it('asks in Brazil by PAR, with the consent in the scope and an essential "acr" without values', async () => {
    const { item, request, pending, address } = await make({ regime: 'brazil' });
    expect([...address.keys()]).toEqual(['client_id', 'request_uri']);
    expect(request).toMatchObject({
      response_type: 'code id_token',
      scope: 'openid accounts consent:consent-1',
      claims: { id_token: { acr: { essential: true } } },
    });
    expect(request.claims).not.toHaveProperty('userinfo');
    expect(pending).toMatchObject({
      ...{ consentId: 'consent-1', consentNamedBy: 'scope', consentScope: 'consent:consent-1' },
      requiredClaims: ['acr'],
    });
    expect(item).toMatchObject({ consent_id: 'consent-1' });
  });

  it('asks in Australia by PAR and JARM, for a name of the item and a sharing duration', async () => {
    const asked = { consent: 'customer-1' };
    const { item, request, pending } = await make({ regime: 'australia' }, asked);
    expect(request).toMatchObject({
      ...{ response_type: 'code', response_mode: 'jwt' },
      claims: { sharing_duration: 7_776_000, id_token: { acr: { essential: true } } },
    });
    expect(JSON.stringify(request.claims)).not.toContain('openbanking_intent_id');
    expect(item).toMatchObject({ consent: 'customer-1' });
    expect(item).not.toHaveProperty('consent_id');
    expect(pending).toMatchObject({ consentName: 'customer-1', responseMode: 'jwt' });
  });

  it.each(['saudiArabia', 'saudiArabiaFapi2'] as const)(
    'names the consent of %s in the scope',
    async (regime) => {
      const { request, pending } = await make({ regime });
      expect(request.scope).toBe('openid accounts accounts:consent-1');
      expect(pending).toMatchObject({ consentScope: 'accounts:consent-1' });
    },
  );

  it('pushes plain parameters in FAPI 2, and expects "iss" in the answer', async () => {
    const { request, pending, header } = await make({ regime: 'fapi2' }, { consent: 'customer-1' });
    expect(request).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    expect(header).toEqual({});
    expect(pending).toMatchObject({ namesIssuer: true, consentName: 'customer-1' });
  });
});

it('follows the regime of the node in place of that of the credential, and what a person chose in place of the regime', async () => {
  const options = {
    regime: 'brazil',
    nameConsentBy: 'claim',
    acr: 'none',
    requestObjectType: 'JWT',
  };
  const { request, header } = await make({ regime: 'uk' }, undefined, options, {
    ...{ sendRequestAs: 'requestObject', responseType: 'code' },
  });
  expect(request).toMatchObject({
    ...{ response_type: 'code', scope: 'openid accounts' },
    claims: { userinfo: intent, id_token: intent },
  });
  expect(header).toMatchObject({ typ: 'JWT' });
  expect(server.requests).toEqual([]);
});

describe('the name of the consent', () => {
  it('is not asked for if the field "Consent ID" is empty by hand', async () => {
    const { item, pending } = await make({}, {}, {}, { consentId: '' });
    expect([item.consent, item.consent_id]).toEqual([undefined, undefined]);
    expect(pending).not.toHaveProperty('consentName');
  });

  it('is stored for the trigger if the bank has no IDs of consents', async () => {
    const fields = { consentId: '', consentName: 'customer-1' };
    const { item, pending } = await make({}, {}, {}, fields);
    expect(item).toMatchObject({ consent: 'customer-1' });
    expect(pending).toMatchObject({ consentName: 'customer-1' });
  });

  it('does not take the place of an ID, although the item has a name', async () => {
    const { item, pending } = await make({}, { consent: 'other', consent_id: 'consent-1' });
    expect(item.consent).toBeUndefined();
    expect(pending).toMatchObject({ consentId: 'consent-1' });
  });

  it.each<[string, BankSettings, IDataObject, string]>([
    ['names consents in the claim', {}, { consent: 'customer-1' }, '"Consent ID" is empty'],
    ['names consents in the scope', { regime: 'brazil' }, {}, '"Consent ID" is empty'],
    ['has no consents', { regime: 'australia' }, {}, '"Consent Name" is empty'],
  ])(
    'is missing if an expression yields none and the regime %s',
    async (_, changes, item, message) => {
      expect(await refusal(changes, item)).toMatchObject({
        message,
        context: { code: 'input-missing' },
      });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('Name the Consent By', () => {
  it('names it in the scope with another prefix, or with none', async () => {
    const named = { nameConsentBy: 'scope' };
    const scopeOf = async (options: INodeParameters) =>
      (await make({}, undefined, { ...named, ...options })).request.scope;
    expect(await scopeOf({})).toBe('openid accounts consent:consent-1');
    expect(await scopeOf({ consentScopePrefix: 'AIS:' })).toBe('openid accounts AIS:consent-1');
    expect(await scopeOf({ consentScopePrefix: '' })).toBe('openid accounts consent-1');
  });

  it('names it by nothing, and needs no "openid" then', async () => {
    const options = { nameConsentBy: 'nothing', scope: 'accounts' };
    const { item, request, pending } = await make({}, undefined, options, { responseType: 'code' });
    expect(request).not.toHaveProperty('claims');
    expect(request.scope).toBe('accounts');
    expect(item).toMatchObject({ consent_id: 'consent-1' });
    expect(pending).toMatchObject({ consentId: 'consent-1', consentNamedBy: 'nothing' });
  });

  it.each<[string, INodeParameters, IDataObject, string]>([
    [
      'a space in the prefix',
      { consentScopePrefix: 'consent: ' + 'x' },
      {},
      '"Consent Scope Prefix" holds a space',
    ],
    [
      'a quote in the prefix',
      { consentScopePrefix: '"consent:' },
      {},
      '"Consent Scope Prefix" holds the character "',
    ],
    ['a space in the ID', {}, { consent_id: 'consent 1' }, '"Consent ID" holds a space'],
  ])('refuses %s', async (_, options, item, message) => {
    const given = { consent_id: 'consent-1', ...item };
    expect(await refusal({}, given, { nameConsentBy: 'scope', ...options })).toMatchObject({
      message: `${message}, which cannot be in the name of a scope`,
      context: { code: 'field-malformed' },
    });
  });

  it('refuses a prefix for a consent that the scope does not name', async () => {
    expect(await refusal({}, undefined, { consentScopePrefix: 'consent:' })).toMatchObject({
      message: '"Consent Scope Prefix" does not work with a consent that the scope does not name',
    });
  });
});

describe('ACR', () => {
  const acrOf = async (options: INodeParameters, changes: BankSettings = {}) => {
    const { request, pending } = await make(changes, undefined, options);
    const { id_token: idToken } = request.claims as { id_token: IDataObject };
    return { asked: idToken.acr, ...pending };
  };

  it.each<[INodeParameters, BankSettings, unknown, object]>([
    [{ acr: 'essential' }, {}, { essential: true }, { requiredClaims: ['acr'] }],
    [
      { acrValues: 'urn:a urn:b' },
      {},
      { values: ['urn:a', 'urn:b'], essential: true },
      { acrValues: ['urn:a', 'urn:b'], requiredClaims: ['acr'] },
    ],
    [
      { acr: 'essential', acrValues: '' },
      { regime: 'uk' },
      { essential: true },
      { requiredClaims: ['acr'] },
    ],
    [{ acr: 'voluntary' }, { regime: 'uk' }, { values: psd2 }, {}],
    [{ acr: 'none' }, { regime: 'uk' }, undefined, {}],
    [{ acrValues: '' }, { regime: 'uk' }, undefined, {}],
  ])('asks with %j and %j', async (options, changes, asked, expected) => {
    const found = await acrOf(options, changes);
    expect(found.asked).toEqual(asked);
    expect(found).toMatchObject(expected);
    for (const name of ['acrValues', 'requiredClaims']) {
      if (!(name in expected)) expect(found).not.toHaveProperty(name);
    }
  });

  it.each<[INodeParameters, object]>([
    [
      { acr: 'voluntary' },
      { message: '"ACR Values" is empty', context: { code: 'field-missing' } },
    ],
    [
      { acr: 'none', acrValues: 'urn:a' },
      { message: '"ACR Values" does not work with "ACR", which is "Not Requested"' },
    ],
    [{ acr: 'strong' }, { message: '"ACR" has an unknown value' }],
  ])('refuses %j', async (options, expected) => {
    expect(await refusal({}, undefined, options)).toMatchObject(expected);
  });
});

describe('Maximum Login Age', () => {
  it('requires "auth_time" in ID tokens', async () => {
    const { request, pending, hints } = await make({}, undefined, { maxAge: 600 });
    expect(request.max_age).toBe(600);
    expect(pending).toMatchObject({ maxAge: 600, requiredClaims: ['auth_time'] });
    expect(hints).not.toContain('Maximum Login Age');
  });

  it('warns of a week, which is no age of a log-in', async () => {
    const { request, hints } = await make({}, undefined, { maxAge: 604_800 });
    expect(request.max_age).toBe(604_800);
    expect(hints).toContain('"Maximum Login Age" is 604800 seconds (7 days)');
  });

  it.each([-1, '1.5', 'a week'])('refuses %j', async (maxAge) => {
    expect(await refusal({}, undefined, { maxAge })).toMatchObject({
      message: '"Maximum Login Age" is not a whole number of seconds',
    });
  });
});

describe('Further Claims', () => {
  it('are merged with what the node asks for, as JSON or as an object', async () => {
    const furtherClaims = {
      id_token: { auth_time: { essential: true } },
      userinfo: { name: null },
    };
    const expected = {
      id_token: { ...intent, auth_time: { essential: true } },
      userinfo: { ...intent, name: null },
    };
    const asText = { furtherClaims: JSON.stringify(furtherClaims) };
    const { request, pending } = await make({}, undefined, asText);
    expect(request.claims).toEqual(expected);
    expect(pending).toMatchObject({ requiredClaims: ['auth_time'] });
    const asObject = { furtherClaims: '={{ $json.claims }}' };
    const item = { consent_id: 'consent-1', claims: furtherClaims };
    expect((await make({}, item, asObject)).request.claims).toEqual(expected);
  });

  it.each<[string, string]>([
    ['{"id_token":', '"Further Claims" is no JSON object'],
    ['[]', '"Further Claims" is no JSON object'],
    ['7', '"Further Claims" is no JSON object'],
    ['{"id_token": 7}', '"Further Claims" holds "id_token", which is no object'],
    [
      '{"id_token": {"openbanking_intent_id": {"value": "other"}}}',
      '"Further Claims" contains "id_token.openbanking_intent_id", which the node sets itself',
    ],
    [' ', '"Further Claims" is empty'],
  ])('refuse %s', async (furtherClaims, message) => {
    expect(await refusal({}, undefined, { furtherClaims })).toMatchObject({
      message,
      context: { stage: 'configuration', itemIndex: 0 },
    });
  });
});

describe('Sharing Duration', () => {
  const claimsOf = async (item: IDataObject, options: INodeParameters) =>
    (await make({ regime: 'australia' }, { consent: 'c', ...item }, options)).request.claims;

  it.each<[IDataObject, INodeParameters, number]>([
    [{ sharing_duration: 86_400 }, {}, 86_400],
    [{ sharing_duration: 86_400 }, { sharingDuration: 30 }, 2_592_000],
    [{}, { sharingDuration: 0 }, 0],
    [{}, { furtherClaims: '{"sharing_duration": 60}' }, 60],
  ])('is that of %j with %j', async (item, options, seconds) => {
    expect(await claimsOf(item, options)).toMatchObject({ sharing_duration: seconds });
  });

  it('is not asked for elsewhere, although the item has one', async () => {
    const item = { consent_id: 'consent-1', sharing_duration: 60 };
    expect((await make({}, item)).request.claims).not.toHaveProperty('sharing_duration');
  });

  it.each<[INodeParameters, string]>([
    [{ sharingDuration: 366 }, '"Sharing Duration" is not a number from 0 to 365'],
    [
      { sharingDuration: 30, furtherClaims: '{"sharing_duration": 60}' },
      '"Further Claims" contains "sharing_duration", which the node sets itself',
    ],
  ])('refuses %j', async (options, message) => {
    const item = { consent: 'c' };
    expect(await refusal({ regime: 'australia' }, item, options)).toMatchObject({ message });
  });

  it.each([-1, 365 * 86_400 + 1, 1e15])(
    'refuses %d seconds of the incoming item',
    async (seconds) => {
      const item = { consent: 'c', sharing_duration: seconds };
      expect(await refusal({ regime: 'australia' }, item)).toMatchObject({
        message: '"sharing_duration" is not a number from 0 to 31536000',
      });
    },
  );

  it('comes with the arrangement of the stored consent that is renewed', async () => {
    const changes = { regime: 'australia' } as const;
    const client = await clientOf({ ...credential, ...changes });
    const tokens = {
      ...{ access_token: 'at-1', authorization: 'Bearer at-1', refresh_token: 'rt-1' },
      ...{ cdr_arrangement_id: 'arrangement-1', obtained_at: new Date().toISOString() },
      refresh_token_rotated: false,
    };
    await openConsentTokens(client, {}).keep('customer-1', { tokens, remarks: [], expected: {} });
    const options = { renewConsent: { __rl: true, mode: 'id', value: 'customer-1' } };
    const { request, item } = await make(changes, { consent: 'new' }, options);
    expect(request.claims).toMatchObject({ cdr_arrangement_id: 'arrangement-1' });
    expect(item.consent).toBe('customer-1');
  });
});

describe('Further Parameters', () => {
  const rows = (...parameter: IDataObject[]) => ({ furtherParameters: { parameter } });

  it('are in the request object alone', async () => {
    const options = rows({ name: 'login_hint', value: 'alex' }, { name: 'x', value: 7 });
    const { request, address } = await make({}, undefined, options as INodeParameters);
    expect(request).toMatchObject({ login_hint: 'alex', x: '7' });
    expect(address.has('login_hint')).toBe(false);
    const pushed = await make({ regime: 'brazil' }, undefined, options as INodeParameters);
    expect(pushed.request).toMatchObject({ login_hint: 'alex' });
    expect(server.requests[0]!.body).not.toContain('login_hint');
  });

  it.each<[IDataObject, string]>([
    [{ name: 'client_id', value: 'x' }, 'contains "client_id", which the node sets itself'],
    [{ name: 'state', value: 'x' }, 'contains "state", which the node sets itself'],
    [{ name: 'request', value: 'x' }, 'contains "request", which the node sets itself'],
    [{ name: 'client_secret', value: 'x' }, 'holds "client_secret", which has no place'],
    [{ name: 'code', value: 'x' }, 'holds "code", which has no place'],
    [{ name: 'login_hint', value: '' }, '→ login_hint" is empty'],
  ])('refuse %j', async (row, words) => {
    expect(await refusal({}, undefined, rows(row) as INodeParameters)).toMatchObject({
      message: expect.stringMatching(/^"Further Parameters/),
      context: { stage: 'configuration' },
    });
    expect(await refusal({}, undefined, rows(row) as INodeParameters)).toHaveProperty(
      'message',
      expect.stringContaining(words),
    );
  });
});

describe('Authorization Details', () => {
  const details = [{ type: 'accounts', actions: ['read'] }];

  it('are asked for, and stored for the comparison', async () => {
    const options = { authorizationDetails: JSON.stringify(details) };
    const { request, pending } = await make({}, undefined, options);
    expect(request.authorization_details).toEqual(details);
    expect(pending).toMatchObject({ authorizationDetails: details });
  });

  it.each([
    ['{', 'text that is not JSON'],
    ['7', 'something that is no object'],
    ['[{"actions": []}]', 'an object without "type"'],
  ])('refuse %s', async (authorizationDetails, content) => {
    expect(await refusal({}, undefined, { authorizationDetails })).toMatchObject({
      message: `"Authorization Details" holds ${content}`,
    });
  });
});
