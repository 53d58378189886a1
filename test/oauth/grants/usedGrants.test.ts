import { OpenBankingError, type Outcome } from '../../../core/errors/OpenBankingError';
import type { ReceivedTokens } from '../../../core/oauth/grants/tokenSet';
import { UsedGrants, type GrantUser } from '../../../core/oauth/grants/usedGrants';
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
  certificate: 'thumbprint-1',
  credential: {},
};
const changedCredential: GrantUser = { ...user, credential: {} };
let grants: UsedGrants;
beforeEach(() => {
  grants = new UsedGrants();
  jest.useFakeTimers();
});
afterEach(() => void jest.useRealTimers());

describe('the memory of used grants', () => {
  it('stores the tokens of the last 2,000 refreshes for ten minutes', async () => {
    for (let count = 0; count < 2100; count++) {
      await grants.sendOnce(user, refresh(`rt-${count}`), {}, send);
    }
    expect(jest.getTimerCount()).toBe(2000);
    jest.advanceTimersByTime(10 * 60 * 1000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sets no timer for a refresh that was evicted before its answer came', async () => {
    let answer: (tokens: ReceivedTokens) => void = () => undefined;
    const slow = grants.sendOnce(
      user,
      refresh('slow'),
      {},
      () => new Promise((resolve) => (answer = resolve)),
    );
    for (let count = 0; count < 2000; count++) {
      await grants.sendOnce(user, refresh(`rt-${count}`), {}, send);
    }
    answer(received);
    await slow;
    expect(jest.getTimerCount()).toBe(2000);
  });

  it('returns the tokens of a code again for the same authorization request, and for no other', async () => {
    const sent = jest.fn(send);
    await grants.sendOnce(user, code(), { state: 's-1' }, sent);
    const again = await grants.sendOnce(user, code(), { state: 's-1' }, sent);
    expect(again.tokens).toBe(received.tokens);
    for (const [verifier, state] of [
      ['v-1', 's-2'],
      ['v-2', 's-1'],
    ] as const) {
      const other = grants.sendOnce(user, code(verifier), { state }, sent);
      expect(await failureOf(other)).toMatchObject({ code: 'code-of-another-request' });
    }
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('gives the tokens of a code or refresh token to no credential with another certificate', async () => {
    const sent = jest.fn(send);
    const other: GrantUser = { ...changedCredential, certificate: 'thumbprint-2' };
    for (const grant of [code(), refresh('rt-1')]) {
      await grants.sendOnce(user, grant, {}, sent);
      expect(await failureOf(grants.sendOnce(other, grant, {}, sent))).toMatchObject({
        code: 'code-of-another-request',
        outcome: 'not-sent',
      });
    }
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('is not lost if the credential is changed', async () => {
    const sent = jest.fn(send);
    await grants.sendOnce(user, code(), {}, sent);
    await grants.sendOnce(changedCredential, code(), {}, sent);
    await failureOf(grants.sendOnce(user, refresh('rt-1'), {}, failing('unknown')));
    await failureOf(grants.sendOnce(changedCredential, refresh('rt-1'), {}, sent));
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('sends a refused code again after a change of the credential, and not before', async () => {
    const sent = jest.fn(send);
    await failureOf(grants.sendOnce(user, code(), {}, failing('refused')));
    await failureOf(grants.sendOnce(user, code(), {}, sent));
    expect(sent).not.toHaveBeenCalled();
    await grants.sendOnce(changedCredential, code('v-2'), {}, sent);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('has separate grants for each client and each bank', async () => {
    const sent = jest.fn(send);
    await grants.sendOnce(user, code(), {}, sent);
    await grants.sendOnce({ ...user, clientId: 'client-2' }, code(), {}, sent);
    await grants.sendOnce({ ...user, bank: 'https://other.example' }, code(), {}, sent);
    expect(sent).toHaveBeenCalledTimes(3);
  });
});
