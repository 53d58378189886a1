import { createProfile } from '../../core/profile/profile';
import { regimeOf, rulesOf, type Regime } from '../../core/profile/regime';
import { ruleTable } from '../../core/profile/regimeTable';
import type { BankSettings } from '../../core/profile/settings';
import { clientCertificate } from '../support/keys/certificates';

it.each<[BankSettings, string | undefined, Regime]>([
  [{}, undefined, 'wso2'],
  [{ bank: 'wso2', regime: 'automatic' }, undefined, 'wso2'],
  [{ bank: 'discovery' }, undefined, 'notChosen'],
  [{ bank: 'custom', regime: '' as never }, undefined, 'notChosen'],
  [{ bank: 'discovery', regime: 'brazil' }, undefined, 'brazil'],
  [{ bank: 'wso2', regime: 'fapi2' }, undefined, 'fapi2'],
  [{ bank: 'discovery', regime: 'brazil' }, 'credential', 'brazil'],
  [{ bank: 'discovery', regime: 'brazil' }, 'uk', 'uk'],
  [{ bank: 'discovery', regime: 'brazil' }, 'automatic', 'notChosen'],
])('resolves %j, with %s in the node, to %s', (settings, override, expected) => {
  expect(regimeOf(settings, override)).toBe(expected);
});

it.each(['notChosen', 'wso2', 'mars', 'constructor'])(
  'rejects "%s", which nobody can choose',
  (regime) => {
    const rejected = expect.objectContaining({
      code: 'field-malformed',
      message: expect.stringContaining('Regime') as string,
    }) as Error;
    expect(() => regimeOf({ regime: regime as never })).toThrow(rejected);
    expect(() => regimeOf({}, regime)).toThrow(rejected);
  },
);

describe('at a bank with WSO2', () => {
  it('names the token endpoint in assertions, but the issuer with FAPI 2', () => {
    expect(rulesOf('uk', 'wso2').assertionAudience).toBe('tokenEndpoint');
    expect(rulesOf('fapi1', undefined).assertionAudience).toBe('tokenEndpoint');
    expect(rulesOf('fapi2', 'wso2').assertionAudience).toBe('issuer');
    expect(rulesOf('saudiArabiaFapi2', 'wso2').assertionAudience).toBe('issuer');
    expect(rulesOf('saudiArabia', 'wso2').assertionAudience).toBe('tokenEndpoint');
    expect(rulesOf('uk', 'discovery').assertionAudience).toBe('issuer');
  });

  it('has the consents of WSO2 if the security profile says nothing of consents', () => {
    const ofWso2 = { consentCreation: 'obie', nameConsentBy: 'claim' };
    expect(rulesOf('fapi2', 'wso2')).toMatchObject({ ...ofWso2, delivery: 'pushed' });
    expect(rulesOf('fapi1', 'wso2')).toMatchObject(ofWso2);
    expect(rulesOf('brazil', 'wso2')).toMatchObject({
      ...{ consentCreation: 'brazil', nameConsentBy: 'scope' },
    });
    expect(rulesOf('fapi2', 'discovery').consentCreation).toBe('none');
  });

  it('accepts an ID token without acr and auth_time in each regime', () => {
    expect(rulesOf('uk', 'wso2').omitsLogIn).toBe(true);
    expect(rulesOf('uk', 'custom').omitsLogIn).toBeUndefined();
  });
});

it('gives a prefix to each regime that names the consent in the scope, and to no other', () => {
  for (const { nameConsentBy, consentScopePrefix } of Object.values(ruleTable)) {
    expect(consentScopePrefix !== undefined).toBe(nameConsentBy === 'scope');
  }
});

describe('the scope of a credential', () => {
  const scopeOf = async (changes: BankSettings) => {
    const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
    const keys = { transportCertificate: certificate, transportPrivateKey: privateKey };
    const bank = { bank: 'discovery', issuer: 'https://bank.example', clientId: 'c' } as const;
    return (await createProfile({ ...bank, ...keys, ...changes })).scope;
  };

  it('is that of the regime if the field still has its default, which means nothing there', async () => {
    const cdr = await scopeOf({ regime: 'australia', scope: 'openid accounts' });
    expect(cdr).toContain('bank:accounts.basic:read');
    expect(await scopeOf({ regime: 'brazil', scope: 'openid accounts' })).toBe('openid accounts');
  });

  it('is that of the field if somebody changed it', async () => {
    const scope = 'openid common:customer.basic:read';
    expect(await scopeOf({ regime: 'australia', scope })).toBe(scope);
    expect(await scopeOf({ regime: 'australia', scope: '' })).toBe('');
  });
});
