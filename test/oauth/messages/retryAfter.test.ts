import { bankError } from '../../../core/oauth/messages/errorResponse';
import { answer } from './answer';

describe('an answer with status 429', () => {
  it.each<[string, unknown]>([
    ['an empty body', ''],
    ['a web page', '<html>'],
    ['an OAuth error', { error: 'temporarily_unavailable' }],
    ['an OAuth error with known words', { error: 'invalid_grant', error_description: 'expired' }],
    ['the words of a refused client', { error_description: 'Client credentials are invalid.' }],
    ['an error of the gateway', { fault: { code: 900802, message: 'Message throttled out' } }],
    ['other JSON', { detail: 'slow down' }],
  ])('is too-many-requests, and nothing was processed, with %s', (_, body) => {
    expect(bankError(answer(429, body), [])).toMatchObject({
      code: 'too-many-requests',
      outcome: 'refused',
      status: 429,
    });
  });
});

describe('"Retry-After"', () => {
  const pause = (value: string, status = 429, headers = {}) =>
    bankError(answer(status, '', 'text/plain', { 'retry-after': value, ...headers }), [])
      .retryAfter;

  it.each([
    ['7', 7000],
    [' 120 ', 120_000],
    ['0', 0],
    ['300', 300_000],
    ['301', 300_000],
    ['99999999999999999999', 300_000],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['7, 7', undefined],
    ['2999-01-01', undefined],
    ['Thu, 99 Foo 2026 25:00:00 GMT', undefined],
  ])('of %j is heeded as %s milliseconds', (value, expected) => {
    expect(pause(value)).toBe(expected);
    expect(pause(value, 503)).toBe(expected);
  });

  it('as a date is compared with the date of the answer', () => {
    const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
    expect(pause('Wed, 21 Oct 2015 07:28:10 GMT', 503, { date })).toBe(10_000);
    expect(pause('Wednesday, 21-Oct-15 07:28:10 GMT', 503, { date })).toBe(10_000);
    expect(pause('Wed Oct 21 07:28:10 2015 GMT', 503, { date })).toBe(10_000);
    expect(pause('Wed, 21 Oct 2015 07:00:00 GMT', 503, { date })).toBe(0);
    expect(pause('Thu, 22 Oct 2015 07:28:00 GMT', 503, { date })).toBe(300_000);
    const soon = pause(new Date(Date.now() + 60_000).toUTCString());
    expect(soon).toBeGreaterThan(55_000);
    expect(soon).toBeLessThanOrEqual(60_000);
  });

  it.each([400, 401, 500, 502])('is not heeded with status %i', (status) => {
    expect(pause('7', status)).toBeUndefined();
  });

  it('leaves the outcome as it is, and is part of the advice and of each copy', () => {
    const headers = { 'retry-after': '7' };
    const refused = bankError(answer(429, '', '', headers), []);
    expect(refused).toMatchObject({ outcome: 'refused', retryAfter: 7000 });
    expect(refused.description).toMatch(/^The bank asks for a pause of 7 seconds\. /);
    expect(refused.with({ description: 'x' }).retryAfter).toBe(7000);
    expect(bankError(answer(503, '', '', headers), [])).toMatchObject({
      code: 'server-error',
      outcome: 'unknown',
      retryAfter: 7000,
    });
    expect(bankError(answer(429, ''), []).retryAfter).toBeUndefined();
  });
});

describe('a pause that a bank asks for', () => {
  const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
  it.each([
    [429, { 'retry-after': '7' }, 7],
    [429, { 'retry-after': '3600' }, 3600],
    [503, { 'retry-after': 'Wed, 21 Oct 2015 07:30:00 GMT', date }, 120],
  ])('with status %d is in the advice as it is: %j', (status, headers, seconds) => {
    const { description, retryAfter } = bankError(
      { ...answer(status, { error: 'slow_down' }), headers },
      [],
    );
    expect(description).toContain(`The bank asks for a pause of ${seconds} seconds.`);
    expect(retryAfter).toBe(Math.min(seconds, 300) * 1000);
  });
});
