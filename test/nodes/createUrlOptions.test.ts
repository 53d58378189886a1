import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openConsentTokens } from '../../core/tokens/openStores';
import { intent, linkBank, psd2 } from './createdLinks';

const bank = linkBank();

describe('ACR', () => {
  const acrOf = async (options: INodeParameters, changes: BankSettings = {}) => {
    const { request, pending } = await bank.link(changes, undefined, options);
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
    expect(await bank.refusal({}, undefined, options)).toMatchObject(expected);
  });
});

describe('Maximum Login Age', () => {
  it('requires "auth_time" in ID tokens', async () => {
    const { request, pending, hints } = await bank.link({}, undefined, { maxAge: 600 });
    expect(request.max_age).toBe(600);
    expect(pending).toMatchObject({ maxAge: 600, requiredClaims: ['auth_time'] });
    expect(hints).not.toContain('Maximum Login Age');
  });

  it('warns of a week, which is no age of a log-in', async () => {
    const { request, hints } = await bank.link({}, undefined, { maxAge: 604_800 });
    expect(request.max_age).toBe(604_800);
    expect(hints).toContain('"Maximum Login Age" is 604800 seconds (7 days)');
  });

  it.each([-1, '1.5', 'a week'])('refuses %j', async (maxAge) => {
    expect(await bank.refusal({}, undefined, { maxAge })).toMatchObject({
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
    const { request, pending } = await bank.link({}, undefined, asText);
    expect(request.claims).toEqual(expected);
    expect(pending).toMatchObject({ requiredClaims: ['auth_time'] });
    const asObject = { furtherClaims: '={{ $json.claims }}' };
    const item = { consent_id: 'consent-1', claims: furtherClaims };
    expect((await bank.link({}, item, asObject)).request.claims).toEqual(expected);
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
    expect(await bank.refusal({}, undefined, { furtherClaims })).toMatchObject({
      message,
      context: { stage: 'configuration', itemIndex: 0 },
    });
  });
});

describe('Sharing Duration', () => {
  const claimsOf = async (item: IDataObject, options: INodeParameters) =>
    (await bank.link({ regime: 'australia' }, { consent: 'c', ...item }, options)).request.claims;

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
    expect((await bank.link({}, item)).request.claims).not.toHaveProperty('sharing_duration');
  });

  it.each<[INodeParameters, string]>([
    [{ sharingDuration: 366 }, '"Sharing Duration" is not a number from 0 to 365'],
    [
      { sharingDuration: 30, furtherClaims: '{"sharing_duration": 60}' },
      '"Further Claims" contains "sharing_duration", which the node sets itself',
    ],
  ])('refuses %j', async (options, message) => {
    const item = { consent: 'c' };
    expect(await bank.refusal({ regime: 'australia' }, item, options)).toMatchObject({ message });
  });

  it.each([-1, 365 * 86_400 + 1, 1e15])(
    'refuses %d seconds of the incoming item',
    async (seconds) => {
      const item = { consent: 'c', sharing_duration: seconds };
      expect(await bank.refusal({ regime: 'australia' }, item)).toMatchObject({
        message: '"sharing_duration" is not a number from 0 to 31536000',
      });
    },
  );

  it('comes with the arrangement of the stored consent that is renewed', async () => {
    const changes = { regime: 'australia' } as const;
    const client = await clientOf({ ...bank.credential, ...changes });
    const tokens = {
      ...{ access_token: 'at-1', authorization: 'Bearer at-1', refresh_token: 'rt-1' },
      ...{ cdr_arrangement_id: 'arrangement-1', obtained_at: new Date().toISOString() },
      refresh_token_rotated: false,
    };
    await openConsentTokens(client, {}).keep('customer-1', { tokens, remarks: [], expected: {} });
    const options = { renewConsent: { __rl: true, mode: 'id', value: 'customer-1' } };
    const { request, item } = await bank.link(changes, { consent: 'new' }, options);
    expect(request.claims).toMatchObject({ cdr_arrangement_id: 'arrangement-1' });
    expect(item.consent).toBe('customer-1');
  });
});

describe('Further Parameters', () => {
  const rows = (...parameter: IDataObject[]) => ({ furtherParameters: { parameter } });

  it('are in the request object alone', async () => {
    const options = rows({ name: 'login_hint', value: 'alex' }, { name: 'x', value: 7 });
    const { request, address } = await bank.link({}, undefined, options as INodeParameters);
    expect(request).toMatchObject({ login_hint: 'alex', x: '7' });
    expect(address.has('login_hint')).toBe(false);
    const pushed = await bank.link({ regime: 'brazil' }, undefined, options as INodeParameters);
    expect(pushed.request).toMatchObject({ login_hint: 'alex' });
    expect(bank.server.requests[0]!.body).not.toContain('login_hint');
  });

  it.each<[IDataObject, string]>([
    [{ name: 'client_id', value: 'x' }, 'contains "client_id", which the node sets itself'],
    [{ name: 'state', value: 'x' }, 'contains "state", which the node sets itself'],
    [{ name: 'request', value: 'x' }, 'contains "request", which the node sets itself'],
    [{ name: 'client_secret', value: 'x' }, 'holds "client_secret", which has no place'],
    [{ name: 'code', value: 'x' }, 'holds "code", which has no place'],
    [{ name: 'login_hint', value: '' }, '→ login_hint" is empty'],
  ])('refuse %j', async (row, words) => {
    expect(await bank.refusal({}, undefined, rows(row) as INodeParameters)).toMatchObject({
      message: expect.stringMatching(/^"Further Parameters/),
      context: { stage: 'configuration' },
    });
    expect(await bank.refusal({}, undefined, rows(row) as INodeParameters)).toHaveProperty(
      'message',
      expect.stringContaining(words),
    );
  });
});

describe('Authorization Details', () => {
  const details = [{ type: 'accounts', actions: ['read'] }];

  it('are asked for, and stored for the comparison', async () => {
    const options = { authorizationDetails: JSON.stringify(details) };
    const { request, pending } = await bank.link({}, undefined, options);
    expect(request.authorization_details).toEqual(details);
    expect(pending).toMatchObject({ authorizationDetails: details });
  });

  it.each([
    ['{', 'text that is not JSON'],
    ['7', 'something that is no object'],
    ['[{"actions": []}]', 'an object without "type"'],
  ])('refuse %s', async (authorizationDetails, content) => {
    expect(await bank.refusal({}, undefined, { authorizationDetails })).toMatchObject({
      message: `"Authorization Details" holds ${content}`,
    });
  });
});
