import type { BankSettings } from '../../../core/profile/settings';
import { transportFields } from '../../support/bank/credential';
import { MINUTE } from '../../support/clock';
import { failureOf } from '../../support/failure';
import { generatePrivateKey } from '../../support/keys/certificates';
import { startIssuer } from '../../support/bank/issuer';
import {
  accessTokenOf,
  anotherProcess,
  expired,
  passTime,
  passed,
  rotatingBank,
} from '../../support/stores/consents';

const encryptionKey = 'k'.repeat(32);

/** The pair that was used so far, whose certificate expired yesterday, and the pair that takes its place. */
let oldPair: BankSettings;
let newPair: BankSettings;
beforeAll(async () => {
  oldPair = await transportFields({ from: -90, until: -1 });
  newPair = await transportFields({ key: generatePrivateKey('rsa') });
});

/** A bank that refuses expired certificates, also where it publishes its metadata. */
async function bankOf(choice: 'custom' | 'discovery') {
  const bank = await rotatingBank();
  const issuer = await startIssuer(bank.settings.tokenEndpoint);
  const settings = { ...bank.settings, issuer, bank: choice };
  return { ...bank, settings };
}

it.each(['custom', 'discovery'] as const)(
  'the advice of consent-unknown leads back from a new pair without an Encryption Key, also if the old certificate has expired (%s)',
  async (choice) => {
    const bank = await bankOf(choice);
    const by = (settings: BankSettings & { encryptionKey?: string }) =>
      anotherProcess(bank, { settings });
    await (await by(oldPair)).keep('c', passed(expired(bank, 'c')));

    const unknown = await failureOf((await by(newPair)).valid('c'));
    expect(unknown).toMatchObject({ code: 'consent-unknown' });
    expect(unknown.description).toContain('put the old certificate and its private key back');
    // An Encryption Key beside the new pair does not help: the tokens belong to the old private key.
    expect(
      await failureOf((await by({ ...newPair, encryptionKey })).valid('c', { refreshNow: true })),
    ).toMatchObject({ code: 'consent-unknown' });

    // The bank refuses the old certificate.
    await failureOf((await by({ ...oldPair, encryptionKey })).valid('c', { refreshNow: true }));
    expect(bank.refreshes()).toBe(0);
    passTime(MINUTE);

    expect(await accessTokenOf(await by({ ...newPair, encryptionKey }))).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  },
);

it('the advice of consent-unknown leads back from another Encryption Key', async () => {
  const bank = await rotatingBank();
  const by = (key: string) => anotherProcess(bank, { settings: { encryptionKey: key } });
  const [former, next] = ['1'.repeat(32), '2'.repeat(32)];
  await (await by(former)).keep('c', passed(expired(bank, 'c')));
  const unknown = await failureOf((await by(next)).valid('c'));
  expect(unknown).toMatchObject({ code: 'consent-unknown' });
  expect(unknown.description).toContain('fill in the new key, a space, and the former key');
  expect(await accessTokenOf(await by(`${next} ${former}`))).toBe('at-c-1');
  expect(await accessTokenOf(await by(next))).toBe('at-c-1');
});
