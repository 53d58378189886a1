import { TokenMemory } from '../../../core/tokens/consents/tokenMemory';
import { tokensOf } from '../../support/stores/consents';

const refreshable = (accessToken: string, changes: object = {}) => ({
  tokens: tokensOf(accessToken, { refresh_token: 'rt', ...changes }),
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('TokenMemory', () => {
  it('returns remembered tokens for five seconds without reading the store', () => {
    const memory = new TokenMemory();
    const tokens = refreshable('at-1');
    memory.remember('a', tokens);
    expect(memory.recent('a', MINUTE)).toMatchObject(tokens);
    jest.advanceTimersByTime(4.9 * SECOND);
    expect(memory.recent('a', MINUTE)).toMatchObject(tokens);
    // Another process may have refreshed them since.
    jest.advanceTimersByTime(0.2 * SECOND);
    expect(memory.recent('a', MINUTE)).toBeUndefined();
  });

  it('reads the store after five seconds although the clock was set back', () => {
    const memory = new TokenMemory();
    memory.remember('a', refreshable('at-1'));
    jest.advanceTimersByTime(5.1 * SECOND);
    jest.setSystemTime(Date.now() - 60 * MINUTE);
    expect(memory.recent('a', MINUTE)).toBeUndefined();
  });

  it('starts the five seconds again if tokens are remembered again', () => {
    const memory = new TokenMemory();
    memory.remember('a', refreshable('at-1'));
    jest.advanceTimersByTime(4 * SECOND);
    memory.remember('a', refreshable('at-2'));
    jest.advanceTimersByTime(4 * SECOND);
    expect(memory.recent('a', MINUTE)).toMatchObject({ tokens: { access_token: 'at-2' } });
  });

  it('returns tokens until they expire if the store is unavailable', () => {
    const memory = new TokenMemory();
    const tokens = refreshable('at-1');
    memory.remember('a', tokens);
    jest.advanceTimersByTime(59.9 * MINUTE);
    expect(memory.recent('a', MINUTE)).toBeUndefined();
    expect(memory.living('a')).toMatchObject(tokens);
    jest.advanceTimersByTime(0.2 * MINUTE);
    expect(memory.living('a')).toBeUndefined();
  });

  it('uses tokens without an expiry for five minutes', () => {
    const memory = new TokenMemory();
    memory.remember('a', refreshable('at-1', { expires_at: undefined }));
    jest.advanceTimersByTime(4.9 * MINUTE);
    expect(memory.living('a')).toMatchObject({ tokens: { access_token: 'at-1' } });
    jest.advanceTimersByTime(0.2 * MINUTE);
    expect(memory.living('a')).toBeUndefined();
  });

  it('returns no tokens that have less than the wanted time to live', () => {
    const memory = new TokenMemory();
    memory.remember('a', refreshable('at-1'));
    expect(memory.recent('a', 29 * MINUTE)).toMatchObject({ tokens: { access_token: 'at-1' } });
    jest.advanceTimersByTime(4 * SECOND);
    const soon = new Date(Date.now() + 10 * SECOND).toISOString();
    const obtained = new Date(Date.now() - 60 * MINUTE).toISOString();
    memory.remember('b', refreshable('at-2', { obtained_at: obtained, expires_at: soon }));
    expect(memory.recent('b', MINUTE)).toBeUndefined();
    expect(memory.recent('b', 5 * SECOND)).toMatchObject({ tokens: { access_token: 'at-2' } });
  });

  it('does not remember tokens without "authorization", and forgets the ones before them', () => {
    const memory = new TokenMemory();
    memory.remember('a', refreshable('at-1'));
    memory.remember('a', refreshable('at-2', { authorization: undefined }));
    expect(memory.recent('a', 0)).toBeUndefined();
    expect(memory.living('a')).toBeUndefined();
  });

  it('forgets one record and no other', () => {
    const memory = new TokenMemory();
    memory.remember('a', refreshable('at-1'));
    memory.remember('b', refreshable('at-2'));
    memory.forget('a');
    expect(memory.living('a')).toBeUndefined();
    expect(memory.living('b')).toMatchObject({ tokens: { access_token: 'at-2' } });
  });
});
