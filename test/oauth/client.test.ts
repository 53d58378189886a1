import { profileOf } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/credential';

let settings: BankSettings;
beforeAll(async () => (settings = await customCredential('https://bank.example')));

it('parses the same settings once', async () => {
  expect(await profileOf({ ...settings })).toBe(await profileOf({ ...settings }));
});

it('tells settings apart', async () => {
  const first = await profileOf(settings);
  const second = await profileOf({ ...settings, scope: 'payments' });
  expect(second).not.toBe(first);
  // Connections are shared all the same: the TLS identity is one.
  expect(second.identity.fingerprint).toBe(first.identity.fingerprint);
});

it('has one profile for all consents of a credential', async () => {
  const of = (consent: string) => profileOf({ ...settings, consent } as BankSettings);
  expect(await of('a')).toBe(await of('b'));
});

it('does not keep a refusal', async () => {
  const wrong = { ...settings, clientId: '' };
  const [first, second] = [profileOf(wrong), profileOf(wrong)];
  await expect(first).rejects.toMatchObject({ code: 'client-id-missing' });
  await expect(second).rejects.toMatchObject({ code: 'client-id-missing' });
  const third = profileOf(wrong);
  await expect(third).rejects.toMatchObject({ code: 'client-id-missing' });
  expect(third).not.toBe(first);
});
