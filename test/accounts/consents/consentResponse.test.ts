import { obieConsents } from '../../../core/accounts/consents/obieConsents';
import { readConsent } from '../../../core/accounts/consents/consentResponse';
import { isOver } from '../../../core/accounts/consents/consentStatus';
import { consentAnswer } from './consentBank';

const NOW = Date.parse('2026-03-10T12:00:00Z');

const answer = (body: unknown, secrets: string[] = []) => ({
  ...{
    status: 200,
    headers: { 'content-type': 'application/json' },
    interactionId: 'i-1',
    secrets,
  },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  url: 'https://bank.example/open-banking/v3.1/aisp/account-access-consents/c-1',
});

const { members } = obieConsents;

const read = (more: object) => readConsent(answer(consentAnswer(more)), members, NOW);

it.each([
  ['AwaitingAuthorisation', 'awaiting'],
  ['AWAU', 'awaiting'],
  ['Authorised', 'authorised'],
  ['AUTH', 'authorised'],
  ['authorised', 'authorised'],
  ['Rejected', 'rejected'],
  ['RJCT', 'rejected'],
  ['Revoked', 'revoked'],
  ['CANC', 'revoked'],
  ['EXPD', 'expired'],
  ['Expired', 'expired'],
  ['Consumed', 'consumed'],
  ['Suspended', 'Suspended'],
])('the status %s of the bank is %s', (Status, expected) => {
  const { status } = read({ Status });
  expect(status).toBe(expected);
  expect(isOver(status)).toBe(['rejected', 'revoked', 'expired'].includes(expected));
});

it('an authorized consent whose end has passed has expired: v3.1 has no word for it', () => {
  const of = (ExpirationDateTime: string) => read({ Status: 'Authorised', ExpirationDateTime });
  expect(of('2026-03-10T13:59:59+02:00').status).toBe('expired');
  expect(of('2026-03-10T14:00:01+02:00')).toMatchObject({
    ...{ status: 'authorised', expiresAt: '2026-03-10T14:00:01+02:00' },
  });
});

it('a consent without an end, or with the year 9999, has no end', () => {
  for (const ExpirationDateTime of [undefined, null, '', '9999-12-31T23:59:59Z']) {
    const consent = read({ Status: 'AUTH', ExpirationDateTime });
    expect(consent).not.toHaveProperty('expiresAt');
    expect(consent.status).toBe('authorised');
  }
});

it('has the range of booking dates, and the whole answer', () => {
  const times = {
    TransactionFromDateTime: '2026-01-01T00:00:00+00:00',
    TransactionToDateTime: '2026-12-31T23:59:59+00:00',
  };
  expect(read(times)).toMatchObject({
    transactionsFrom: times.TransactionFromDateTime,
    transactionsTo: times.TransactionToDateTime,
    raw: consentAnswer(times),
  });
});

it.each<[string, unknown, RegExp]>([
  ['a web page', '<html>Log in</html>', /instead of JSON/],
  ['another object', { message: 'OK' }, /without "Data": it has "message"/],
  ['a list', [], /without "Data": it has a list/],
  ['no ID', { Data: { ConsentId: '' } }, /without "Data.ConsentId"/],
])('%s is no consent', (_, body, message) => {
  expect(() => readConsent(answer(body), members, NOW)).toThrow(message);
});

it('does not contain the token of the request, which a bank repeats', () => {
  const secret = 'at-of-the-application';
  const { raw } = readConsent(
    answer(consentAnswer({ Debug: `Bearer ${secret}` }), [secret]),
    members,
    NOW,
  );
  expect(JSON.stringify(raw)).not.toContain(secret);
});
