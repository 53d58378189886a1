import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';

let settings: BankSettings;
beforeAll(async () => (settings = await customCredential('https://bank.example')));

describe('clientOf', () => {
  it('makes one client for equal settings', async () => {
    expect(await clientOf({ ...settings })).toBe(await clientOf({ ...settings }));
  });

  it('makes another client for other settings', async () => {
    const first = await clientOf(settings);
    const second = await clientOf({ ...settings, scope: 'payments' });
    expect(second).not.toBe(first);
    // Both use the same TLS identity, so they share connections.
    expect(second.profile.identity.fingerprint).toBe(first.profile.identity.fingerprint);
  });

  it('makes one client for all consents of a credential', async () => {
    const of = (consent: string) => clientOf({ ...settings, consent } as BankSettings);
    expect(await of('a')).toBe(await of('b'));
  });

  it('does not remember refused settings', async () => {
    const wrong = { ...settings, clientId: '' };
    const [first, second] = [clientOf(wrong), clientOf(wrong)];
    await expect(first).rejects.toMatchObject({ code: 'field-missing' });
    await expect(second).rejects.toMatchObject({ code: 'field-missing' });
    const third = clientOf(wrong);
    await expect(third).rejects.toMatchObject({ code: 'field-missing' });
    expect(third).not.toBe(first);
  });
});
