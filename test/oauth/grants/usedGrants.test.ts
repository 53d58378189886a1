import type { Profile } from '../../../core/profile/profile';
import { onlyOnce } from '../../../core/oauth/grants/singleUse';
import type { ReceivedTokens } from '../../../core/oauth/grants/tokenSet';
import { failureOf } from '../../support/failure';

const received = {
  tokens: { refresh_token_rotated: true },
  remarks: [],
} as unknown as ReceivedTokens;
const refresh = (refreshToken: string) => ({ type: 'refresh_token', refreshToken }) as const;
const code = (codeVerifier: string) =>
  ({ type: 'authorization_code', code: 'c-1', redirectUri: 'r', scope: '', codeVerifier }) as const;

let profile: Profile;
beforeEach(() => {
  profile = {} as Profile;
  jest.useFakeTimers();
});
afterEach(() => void jest.useRealTimers());

it('holds the tokens of the last 2,000 refreshes, and no timer for those before', async () => {
  for (let count = 0; count < 2100; count++) {
    await onlyOnce(profile, refresh(`rt-${count}`), {}, () => Promise.resolve(received));
  }
  expect(jest.getTimerCount()).toBe(2000);
  jest.advanceTimersByTime(10 * 60 * 1000);
  expect(jest.getTimerCount()).toBe(0);
});

it('sets no timer for what made room before its answer came', async () => {
  let answer: (tokens: ReceivedTokens) => void = () => undefined;
  const slow = onlyOnce(
    profile,
    refresh('slow'),
    {},
    () => new Promise((resolve) => (answer = resolve)),
  );
  for (let count = 0; count < 2000; count++) {
    await onlyOnce(profile, refresh(`rt-${count}`), {}, () => Promise.resolve(received));
  }
  answer(received);
  await slow;
  expect(jest.getTimerCount()).toBe(2000);
});

it('gives the tokens of a code again for the same authorization request, and for no other', async () => {
  const send = jest.fn(() => Promise.resolve(received));
  await onlyOnce(profile, code('v-1'), { state: 's-1' }, send);
  const again = await onlyOnce(profile, code('v-1'), { state: 's-1' }, send);
  expect(again.tokens).toBe(received.tokens);
  for (const [verifier, state] of [
    ['v-1', 's-2'],
    ['v-2', 's-1'],
  ] as const) {
    const other = onlyOnce(profile, code(verifier), { state }, send);
    expect(await failureOf(other)).toMatchObject({ code: 'code-of-another-request' });
  }
  expect(send).toHaveBeenCalledTimes(1);
});
