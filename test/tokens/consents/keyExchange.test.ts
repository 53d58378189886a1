import type { BankSettings } from '../../../core/profile/settings';
import { transportFields } from '../../support/bank/credential';
import { HOUR } from '../../support/clock';
import { failureOf } from '../../support/failure';
import { generatePrivateKey } from '../../support/keys/certificates';
import {
  accessTokenOf,
  anotherProcess,
  expired,
  passTime,
  passed,
  recordsOf,
  rotatingBank,
  tokensOf,
} from '../../support/stores/consents';

/** The first pair, and the one that takes its place. */
let first: BankSettings;
let second: BankSettings;
beforeAll(async () => {
  first = await transportFields({ from: -10, until: 10 });
  second = await transportFields({ key: generatePrivateKey('rsa') });
});

/** The credential that exchanges the first pair for the second one in some hours. */
const exchangeIn = (hours: number): BankSettings => ({
  ...first,
  exchangeKeys: true,
  nextKeysFrom: new Date(Date.now() + hours * HOUR).toISOString(),
  nextTransportCertificate: second.transportCertificate,
  nextTransportPrivateKey: second.transportPrivateKey,
});

it('stored tokens stay readable from the first key to the second, and refresh once for the new certificate', async () => {
  const bank = await rotatingBank();
  const by = (settings: BankSettings) => anotherProcess(bank, { settings });
  const exchange = exchangeIn(12);
  await (await by(first)).keep('c', passed(expired(bank, 'c')));
  // A person fills in the next keys: nothing changes.
  expect(await accessTokenOf(await by(exchange))).toBe('at-c-1');
  expect(await accessTokenOf(await by(exchange))).toBe('at-c-1');
  expect(bank.refreshes()).toBe(1);

  passTime(12.5 * HOUR);
  // The access token is bound to the first certificate.
  expect(await accessTokenOf(await by(exchange))).toBe('at-c-2');
  expect(await accessTokenOf(await by(exchange))).toBe('at-c-2');
  expect((await (await by(exchange)).overview()).remarks).toEqual([]);

  // The second pair moves into the first fields, and the second ones are emptied.
  expect(await accessTokenOf(await by(second))).toBe('at-c-2');
  expect(bank.grant('c')).toEqual({ refreshes: 2, revoked: false });
  expect(await recordsOf()).toHaveLength(1);
});

it('the list of consents names those that were not used since the exchange, and they are found until the first key is removed', async () => {
  const bank = await rotatingBank();
  const by = (settings: BankSettings) => anotherProcess(bank, { settings });
  const exchange = exchangeIn(-1);
  await (await by(first)).keep('used', passed(expired(bank, 'used')));
  await (await by(first)).keep('idle', passed(tokensOf('at-idle-0')));
  await accessTokenOf(await by(exchange), 'used');
  const { remarks, consents } = await (await by(exchange)).overview();
  expect(consents.map(({ consent }) => consent).sort()).toEqual(['idle', 'used']);
  expect(remarks).toEqual([expect.stringContaining('"idle"')]);
  expect(remarks[0]).not.toContain('"used"');

  const moved = await by(second);
  expect(await accessTokenOf(moved, 'used')).toBe('at-used-1');
  expect(await failureOf(moved.valid('idle'))).toMatchObject({ code: 'consent-unknown' });
  // The first pair is put back beside the second one: nothing was lost.
  expect((await (await by(exchange)).overview()).consents).toHaveLength(2);
});

it('two hosts whose clocks differ around the exchange use one record, and no refresh token twice', async () => {
  const bank = await rotatingBank();
  const [late, early] = [exchangeIn(1), exchangeIn(-1)];
  await (await anotherProcess(bank, { settings: late })).keep('c', passed(expired(bank, 'c')));
  for (const settings of [early, late, early]) {
    await accessTokenOf(await anotherProcess(bank, { settings }));
  }
  expect(bank.grant('c').revoked).toBe(false);
  expect(await recordsOf()).toHaveLength(1);
});

it('a time that was moved back lets the first pair refresh what the second one stored', async () => {
  const bank = await rotatingBank();
  const by = (settings: BankSettings) => anotherProcess(bank, { settings });
  await (await by(exchangeIn(-1))).keep('c', passed(expired(bank, 'c')));
  expect(await accessTokenOf(await by(exchangeIn(24)))).toBe('at-c-1');
  expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
});
