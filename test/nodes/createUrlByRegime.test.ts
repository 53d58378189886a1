import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { intent, linkBank, psd2 } from './createdLinks';

const bank = linkBank();

const WSO2 = { bank: 'wso2', host: 'is.bank.example' } as const;

describe('with the defaults of all fields', () => {
  it('asks a bank without a regime as before: a request object in the address, code and ID token, the consent as a claim', async () => {
    const { request, header, pending, address } = await bank.link({});
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
    const { request, header, pending } = await bank.link(WSO2);
    expect(header).toMatchObject({ typ: 'JWT' });
    expect(request).toMatchObject({
      ...{ response_type: 'code id_token', max_age: 86_400, prompt: 'login' },
      claims: { id_token: { acr: { values: psd2, essential: true } } },
    });
    expect(pending).toMatchObject({ acrValues: psd2, maxAge: 86_400 });
    expect(pending).not.toHaveProperty('requiredClaims');
  });

  it('asks a UK bank behind discovery or custom endpoints for the log-in of PSD2', async () => {
    const { request, pending } = await bank.link({ regime: 'uk' });
    expect(request).toMatchObject({
      claims: { userinfo: intent, id_token: { ...intent, acr: { values: psd2, essential: true } } },
    });
    expect(pending).toMatchObject({ acrValues: psd2, requiredClaims: ['acr'] });
  });

  it('asks in Brazil by PAR, with the consent in the scope and an essential "acr" without values', async () => {
    const { item, request, pending, address } = await bank.link({ regime: 'brazil' });
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
    const { item, request, pending } = await bank.link({ regime: 'australia' }, asked);
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
      const { request, pending } = await bank.link({ regime });
      expect(request.scope).toBe('openid accounts accounts:consent-1');
      expect(pending).toMatchObject({ consentScope: 'accounts:consent-1' });
    },
  );

  it('pushes plain parameters in FAPI 2, and expects "iss" in the answer', async () => {
    const { request, pending, header } = await bank.link(
      { regime: 'fapi2' },
      { consent: 'customer-1' },
    );
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
  const { request, header } = await bank.link({ regime: 'uk' }, undefined, options, {
    ...{ sendRequestAs: 'requestObject', responseType: 'code' },
  });
  expect(request).toMatchObject({
    ...{ response_type: 'code', scope: 'openid accounts' },
    claims: { userinfo: intent, id_token: intent },
  });
  expect(header).toMatchObject({ typ: 'JWT' });
  expect(bank.server.requests).toEqual([]);
});

it('asks with the default scope of the regime of the node, and with a scope that a person chose', async () => {
  const options = { regime: 'australia' };
  const { request } = await bank.link({}, { consent: 'customer-1' }, options);
  expect(request.scope).toContain('bank:accounts.basic:read');
  const chosen = { scope: 'openid bank:transactions:read' };
  const own = await bank.link(chosen, { consent: 'customer-1' }, options);
  expect(own.request.scope).toBe(chosen.scope);
});

describe('the name of the consent', () => {
  it('is not asked for if the field "Consent ID" is empty by hand', async () => {
    const { item, pending } = await bank.link({}, {}, {}, { consentId: '' });
    expect([item.consent, item.consent_id]).toEqual([undefined, undefined]);
    expect(pending).not.toHaveProperty('consentName');
  });

  it('is stored for the trigger if the bank has no IDs of consents', async () => {
    const fields = { consentId: '', consentName: 'customer-1' };
    const { item, pending } = await bank.link({}, {}, {}, fields);
    expect(item).toMatchObject({ consent: 'customer-1' });
    expect(pending).toMatchObject({ consentName: 'customer-1' });
  });

  it('does not take the place of an ID, although the item has a name', async () => {
    const { item, pending } = await bank.link({}, { consent: 'other', consent_id: 'consent-1' });
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
      expect(await bank.refusal(changes, item)).toMatchObject({
        message,
        context: { code: 'input-missing' },
      });
      expect(bank.server.requests).toEqual([]);
    },
  );
});

describe('Name the Consent By', () => {
  it('names it in the scope with another prefix, or with none', async () => {
    const named = { nameConsentBy: 'scope' };
    const scopeOf = async (options: INodeParameters) =>
      (await bank.link({}, undefined, { ...named, ...options })).request.scope;
    expect(await scopeOf({})).toBe('openid accounts consent:consent-1');
    expect(await scopeOf({ consentScopePrefix: 'AIS:' })).toBe('openid accounts AIS:consent-1');
    expect(await scopeOf({ consentScopePrefix: '' })).toBe('openid accounts consent-1');
  });

  it('names it by nothing, and needs no "openid" then', async () => {
    const options = { nameConsentBy: 'nothing', scope: 'accounts' };
    const { item, request, pending } = await bank.link({}, undefined, options, {
      responseType: 'code',
    });
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
    expect(await bank.refusal({}, given, { nameConsentBy: 'scope', ...options })).toMatchObject({
      message: `${message}, which cannot be in the name of a scope`,
      context: { code: 'field-malformed' },
    });
  });

  it('refuses a prefix for a consent that the scope does not name', async () => {
    expect(await bank.refusal({}, undefined, { consentScopePrefix: 'consent:' })).toMatchObject({
      message: '"Consent Scope Prefix" does not work with a consent that the scope does not name',
    });
  });
});
