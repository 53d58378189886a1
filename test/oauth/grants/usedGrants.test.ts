import { OpenBankingError, type Outcome } from '../../../core/errors/OpenBankingError';
import type { ReceivedTokens } from '../../../core/oauth/grants/tokenSet';
import {
  UsedGrants,
  type GrantUser,
  type SingleUseGrant,
} from '../../../core/oauth/grants/usedGrants';
import { failureOf } from '../../support/failure';

const received = {
  tokens: { refresh_token_rotated: true },
  remarks: [],
} as unknown as ReceivedTokens;
const refresh = (refreshToken: string) => ({ type: 'refresh_token', refreshToken }) as const;
const code = (codeVerifier = 'v-1') =>
  ({ type: 'authorization_code', code: 'c-1', redirectUri: 'r', scope: '', codeVerifier }) as const;
const send = () => Promise.resolve(received);
const failing = (outcome: Outcome) => () =>
  Promise.reject(new OpenBankingError('invalid-client', { message: 'Refused', outcome }));

const user: GrantUser = {
  bank: 'https://bank.example',
  clientId: 'client-1',
  certificates: ['thumbprint-1'],
  credential: {},
};
const changedCredential: GrantUser = { ...user, credential: {} };
let grants: UsedGrants;
const sendOnce = (
  by: GrantUser,
  grant: SingleUseGrant,
  request: object,
  sender: () => Promise<ReceivedTokens>,
) =>
  grants.sendOnce(by, grant, {
    request,
    send: sender,
    lookAgain: (earlier) => Promise.resolve(earlier),
  });
beforeEach(() => {
  grants = new UsedGrants();
  jest.useFakeTimers();
});
afterEach(() => void jest.useRealTimers());

describe('the memory of used grants', () => {
  it('stores the tokens of the last 2,000 refreshes for ten minutes', async () => {
    for (let count = 0; count < 2100; count++) {
      await sendOnce(user, refresh(`rt-${count}`), {}, send);
    }
    expect(jest.getTimerCount()).toBe(2000);
    jest.advanceTimersByTime(10 * 60 * 1000);
    expect(jest.getTimerCount()).toBe(0);
  });

  const alreadyUsed = { code: 'already-used', stage: 'configuration', outcome: 'not-sent' };

  it('refuses a used refresh token whose answer made room for 2,000 others', async () => {
    const sent = jest.fn(send);
    for (let count = 0; count < 2200; count++) {
      await sendOnce(user, refresh(`rt-${count}`), {}, sent);
    }
    for (let count = 0; count < 200; count++) {
      const again = sendOnce(user, refresh(`rt-${count}`), {}, sent);
      expect(await failureOf(again)).toMatchObject(alreadyUsed);
    }
    await sendOnce(user, refresh('rt-200'), {}, sent);
    expect(sent).toHaveBeenCalledTimes(2200);
  });

  it.each([
    ['a code', code(), 'authorization code'],
    ['a replaced refresh token', refresh('rt-1'), 'refresh token'],
  ])('refuses %s after ten minutes, and sends it again after an hour', async (_, grant, words) => {
    const sent = jest.fn(send);
    await sendOnce(user, grant, {}, sent);
    jest.advanceTimersByTime(10 * 60 * 1000 - 1);
    await sendOnce(user, grant, {}, sent);
    jest.advanceTimersByTime(1);
    const refusal = await failureOf(sendOnce(user, grant, {}, sent));
    expect(refusal).toMatchObject(alreadyUsed);
    expect(refusal.message).toContain(words);
    jest.advanceTimersByTime(50 * 60 * 1000 - 1);
    expect(await failureOf(sendOnce(user, grant, {}, sent))).toMatchObject(alreadyUsed);
    expect(sent).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1);
    await sendOnce(user, grant, {}, sent);
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('does not send a code that got no answer again for an hour', async () => {
    const sent = jest.fn(send);
    await failureOf(sendOnce(user, code(), {}, failing('unknown')));
    expect(await failureOf(sendOnce(user, code(), {}, sent))).toMatchObject({ outcome: 'unknown' });
    jest.advanceTimersByTime(59 * 60 * 1000);
    expect(await failureOf(sendOnce(user, code(), {}, sent))).toMatchObject(alreadyUsed);
    expect(sent).not.toHaveBeenCalled();
  });

  it('remembers 100,000 used refresh tokens', async () => {
    const sent = jest.fn(send);
    for (let count = 0; count < 100_000; count++) {
      await sendOnce(user, refresh(`rt-${count}`), {}, sent);
    }
    expect(await failureOf(sendOnce(user, refresh('rt-0'), {}, sent))).toMatchObject(alreadyUsed);
    expect(sent).toHaveBeenCalledTimes(100_000);
  });

  it('does not send a refresh token that is under way, however many others are sent meanwhile', async () => {
    const sent = jest.fn(send);
    let answer: (tokens: ReceivedTokens) => void = () => undefined;
    const slow = sendOnce(
      user,
      refresh('slow'),
      {},
      () => new Promise((resolve) => (answer = resolve)),
    );
    for (let count = 0; count < 2000; count++) {
      await sendOnce(user, refresh(`rt-${count}`), {}, send);
    }
    expect(await failureOf(sendOnce(user, refresh('slow'), {}, sent))).toMatchObject(alreadyUsed);
    answer(received);
    await slow;
    expect(sent).not.toHaveBeenCalled();
  });

  it.each([
    ['did not replace', () => Promise.resolve({ ...received, tokens: {} } as ReceivedTokens)],
    ['refused', failing('refused')],
    ['never got', failing('not-sent')],
  ])('sends a refresh token again that the bank %s', async (_, first) => {
    const sent = jest.fn(send);
    await sendOnce(user, refresh('rt-1'), {}, first).catch(() => undefined);
    await sendOnce(user, refresh('rt-1'), {}, sent);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('sets no timer for a refresh that was evicted before its answer came', async () => {
    let answer: (tokens: ReceivedTokens) => void = () => undefined;
    const slow = sendOnce(
      user,
      refresh('slow'),
      {},
      () => new Promise((resolve) => (answer = resolve)),
    );
    for (let count = 0; count < 2000; count++) {
      await sendOnce(user, refresh(`rt-${count}`), {}, send);
    }
    answer(received);
    await slow;
    expect(jest.getTimerCount()).toBe(2000);
  });

  it('returns the tokens of a code again for the same authorization request, and for no other', async () => {
    const sent = jest.fn(send);
    await sendOnce(user, code(), { state: 's-1' }, sent);
    const again = await sendOnce(user, code(), { state: 's-1' }, sent);
    expect(again.tokens).toBe(received.tokens);
    for (const [verifier, state] of [
      ['v-1', 's-2'],
      ['v-2', 's-1'],
    ] as const) {
      const other = sendOnce(user, code(verifier), { state }, sent);
      expect(await failureOf(other)).toMatchObject({ code: 'code-of-another-request' });
    }
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('gives the tokens of a code or refresh token to no credential with another certificate', async () => {
    const sent = jest.fn(send);
    const other: GrantUser = { ...changedCredential, certificates: ['thumbprint-2'] };
    for (const grant of [code(), refresh('rt-1')]) {
      await sendOnce(user, grant, {}, sent);
      expect(await failureOf(sendOnce(other, grant, {}, sent))).toMatchObject({
        code: 'code-of-another-request',
        outcome: 'not-sent',
      });
    }
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('returns the tokens of a code again after an exchange of keys, by either certificate', async () => {
    const sent = jest.fn(send);
    const exchanged: GrantUser = {
      ...changedCredential,
      certificates: ['thumbprint-2', 'thumbprint-1'],
    };
    await sendOnce({ ...user, certificates: ['thumbprint-1', 'thumbprint-2'] }, code(), {}, sent);
    await sendOnce(exchanged, code(), {}, sent);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('is not lost if the credential is changed', async () => {
    const sent = jest.fn(send);
    await sendOnce(user, code(), {}, sent);
    await sendOnce(changedCredential, code(), {}, sent);
    await failureOf(sendOnce(user, refresh('rt-1'), {}, failing('unknown')));
    await failureOf(sendOnce(changedCredential, refresh('rt-1'), {}, sent));
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('sends a refused code again after a change of the credential, and not before', async () => {
    const sent = jest.fn(send);
    await failureOf(sendOnce(user, code(), {}, failing('refused')));
    await failureOf(sendOnce(user, code(), {}, sent));
    expect(sent).not.toHaveBeenCalled();
    await sendOnce(changedCredential, code('v-2'), {}, sent);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  const tooMany = (retryAfter?: number) => () =>
    Promise.reject(
      new OpenBankingError('too-many-requests', {
        values: { sender: 'The bank', answer: 'with status 429' },
        status: 429,
        outcome: 'refused',
        retryAfter,
      }),
    );

  it.each([
    ['a code', code()],
    ['a refresh token', refresh('rt-1')],
  ])('sends %s again after too many requests, and after the pause', async (_, grant) => {
    const sent = jest.fn(send);
    await failureOf(sendOnce(user, grant, {}, tooMany()));
    await failureOf(sendOnce(user, grant, {}, tooMany(7000)));
    expect(await failureOf(sendOnce(user, grant, {}, sent))).toMatchObject({ retryAfter: 7000 });
    jest.advanceTimersByTime(6999);
    await failureOf(sendOnce(user, grant, {}, sent));
    expect(sent).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    await sendOnce(user, grant, {}, sent);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('sends a refresh token without an answer again after a minute, or after a longer pause', async () => {
    const away = (retryAfter?: number) => () =>
      Promise.reject(
        new OpenBankingError('server-error', {
          values: { sender: 'The bank', answer: 'with status 503' },
          outcome: 'unknown',
          retryAfter,
        }),
      );
    for (const [pause, expected] of [
      [undefined, 60_000],
      [1000, 60_000],
      [90_000, 90_000],
    ] as const) {
      const sent = jest.fn(send);
      const grant = refresh(`rt-${pause}`);
      await failureOf(sendOnce(user, grant, {}, away(pause)));
      jest.advanceTimersByTime(expected - 1);
      await failureOf(sendOnce(user, grant, {}, sent));
      jest.advanceTimersByTime(1);
      await sendOnce(user, grant, {}, sent);
      expect(sent).toHaveBeenCalledTimes(1);
    }
  });

  it('looks again at what it gives a second time, and only then', async () => {
    const lookAgain = jest.fn((earlier: ReceivedTokens) =>
      Promise.resolve({ ...earlier, remarks: [...earlier.remarks, 'looked at'] }),
    );
    const first = await grants.sendOnce(user, code(), { send, lookAgain });
    expect(first.remarks).toEqual([]);
    const again = await grants.sendOnce(user, code(), { send, lookAgain });
    expect(again.remarks).toEqual([expect.stringContaining('more than once'), 'looked at']);
    expect([first.isRepeated, again.isRepeated]).toEqual([undefined, true]);
  });

  it('has separate grants for each client and each bank', async () => {
    const sent = jest.fn(send);
    await sendOnce(user, code(), {}, sent);
    await sendOnce({ ...user, clientId: 'client-2' }, code(), {}, sent);
    await sendOnce({ ...user, bank: 'https://other.example' }, code(), {}, sent);
    expect(sent).toHaveBeenCalledTimes(3);
  });
});
