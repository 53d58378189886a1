import { digest } from '../../../core/lib/digest';
import { anotherProcess, rotatingBank, tokensOf, passed } from '../../support/stores/consents';
import { RefreshTokenIndex } from '../../../core/tokens/consents/refreshTokenIndex';

const withToken = (refresh_token: string) => tokensOf('at', { refresh_token });

it('the index finds the consent of a refresh token that another process stored', async () => {
  const bank = await rotatingBank();
  const [first, second] = [await anotherProcess(bank), await anotherProcess(bank)];
  await first.keep('household', passed(withToken('rt-1')));
  await first.keep('office', passed(tokensOf('at-2')));
  expect(await second.consentOf('rt-1')).toBe('household');
  expect(await second.consentOf('rt-2')).toBeUndefined();
  expect(await first.consentOf('rt-1')).toBe('household');
});

it('the index finds no consent of another client or with another encryption key', async () => {
  const bank = await rotatingBank();
  for (const settings of [{ clientId: 'another' }, { encryptionKey: 'another'.repeat(5) }]) {
    const other = await anotherProcess(bank, { settings });
    await other.keep('household', passed(withToken('rt-1')));
    expect(await (await anotherProcess(bank)).consentOf('rt-1')).toBeUndefined();
  }
});

it('the index reads the store once for many lookups, and again after some seconds', async () => {
  const index = new RefreshTokenIndex();
  const readAll = jest.fn(() => Promise.resolve([[digest('rt-1'), 'household'] as const]));
  expect(await index.consentOf('rt-0', readAll)).toBeUndefined();
  expect(await index.consentOf('rt-1', readAll)).toBe('household');
  index.add(digest('rt-2'), 'office');
  expect(await index.consentOf('rt-2', readAll)).toBe('office');
  expect(readAll).toHaveBeenCalledTimes(1);
  const now = performance.now();
  const clock = jest.spyOn(performance, 'now').mockReturnValue(now + 6_000);
  expect(await index.consentOf('rt-0', readAll)).toBeUndefined();
  expect(readAll).toHaveBeenCalledTimes(2);
  clock.mockRestore();
});
