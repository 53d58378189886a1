import { TokenMemory } from '../../../core/tokens/consents/tokenMemory';
import { tokensOf } from '../../support/consents';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('TokenMemory', () => {
  it('returns remembered tokens for five seconds without reading the store', () => {
    const memory = new TokenMemory();
    const tokens = tokensOf('at-1');
    memory.remember('a', tokens);
    expect(memory.recent('a', MINUTE)).toBe(tokens);
    jest.advanceTimersByTime(4.9 * SECOND);
    expect(memory.recent('a', MINUTE)).toBe(tokens);
    // Another process may have refreshed them since.
    jest.advanceTimersByTime(0.2 * SECOND);
    expect(memory.recent('a', MINUTE)).toBeUndefined();
  });

  it('starts the five seconds again if tokens are remembered again', () => {
    const memory = new TokenMemory();
    memory.remember('a', tokensOf('at-1'));
    jest.advanceTimersByTime(4 * SECOND);
    memory.remember('a', tokensOf('at-2'));
    jest.advanceTimersByTime(4 * SECOND);
    expect(memory.recent('a', MINUTE)).toMatchObject({ access_token: 'at-2' });
  });

  it('returns tokens until they expire if the store is unavailable', () => {
    const memory = new TokenMemory();
    const tokens = tokensOf('at-1');
    memory.remember('a', tokens);
    jest.advanceTimersByTime(58 * MINUTE);
    expect(memory.any('a', MINUTE)).toBe(tokens);
    jest.advanceTimersByTime(1.1 * MINUTE);
    expect(memory.any('a', MINUTE)).toBeUndefined();
    expect(memory.any('a', 0)).toBe(tokens);
    jest.advanceTimersByTime(1 * MINUTE);
    expect(memory.any('a', 0)).toBeUndefined();
  });

  it('uses tokens without an expiry for five minutes', () => {
    const memory = new TokenMemory();
    memory.remember('a', tokensOf('at-1', { expires_at: undefined }));
    jest.advanceTimersByTime(4.9 * MINUTE);
    expect(memory.any('a', 0)).toMatchObject({ access_token: 'at-1' });
    jest.advanceTimersByTime(0.2 * MINUTE);
    expect(memory.any('a', 0)).toBeUndefined();
  });

  it('returns no tokens that have less than the wanted time to live', () => {
    const memory = new TokenMemory();
    memory.remember('a', tokensOf('at-1'));
    expect(memory.recent('a', 29 * MINUTE)).toMatchObject({ access_token: 'at-1' });
    jest.advanceTimersByTime(4 * SECOND);
    const soon = new Date(Date.now() + 10 * SECOND).toISOString();
    const obtained = new Date(Date.now() - 60 * MINUTE).toISOString();
    memory.remember('b', tokensOf('at-2', { obtained_at: obtained, expires_at: soon }));
    expect(memory.recent('b', MINUTE)).toBeUndefined();
    expect(memory.recent('b', 5 * SECOND)).toMatchObject({ access_token: 'at-2' });
  });

  it('does not remember tokens without "authorization", and forgets the ones before them', () => {
    const memory = new TokenMemory();
    memory.remember('a', tokensOf('at-1'));
    memory.remember('a', tokensOf('at-2', { authorization: undefined }));
    expect(memory.recent('a', 0)).toBeUndefined();
    expect(memory.any('a', 0)).toBeUndefined();
  });

  it('forgets one record and no other', () => {
    const memory = new TokenMemory();
    memory.remember('a', tokensOf('at-1'));
    memory.remember('b', tokensOf('at-2'));
    memory.forget('a');
    expect(memory.any('a', 0)).toBeUndefined();
    expect(memory.any('b', 0)).toMatchObject({ access_token: 'at-2' });
  });
});
