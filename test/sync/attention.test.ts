import {
  attentionOf,
  stillTrue,
  untold,
  withTold,
  type Attention,
  type ConsentFacts,
} from '../../core/sync/attention';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const HOUR = 3_600_000;

/** The reports about one consent, 14 days ahead. */
function about(facts: Partial<ConsentFacts>): Attention[] {
  return attentionOf([{ consent: 'c', tokens: 'valid', ...facts }], {}, 14, NOW);
}

describe('a consent', () => {
  it.each<[string, Partial<ConsentFacts>]>([
    ['is good', {}],
    ['has no end', { atBank: 'authorised' }],
    ['ends later', { endsAt: '2026-03-25T00:00:00Z', refreshTokenEndsAt: '2026-04-01T00:00:00Z' }],
    ['has an end that cannot be read', { endsAt: 'soon' }],
    ['was refused once, and is asked again', { tokens: 'refused' }],
    [
      'has an unknown outcome for less than an hour',
      { tokens: 'outcome unknown', unknownSince: NOW - HOUR + 1 },
    ],
    ['has a range of dates that ended yesterday', { transactionsTo: '2026-03-09T00:00:00Z' }],
    ['waits at the bank', { atBank: 'awaiting' }],
    ['has a fact that nobody knows', { noticed: [{ reason: 'constructor' }] }],
  ])('that %s is not reported', (_, facts) => {
    expect(about(facts)).toEqual([]);
  });

  it.each<[Partial<ConsentFacts>, Omit<Attention, 'consent'>]>([
    [{ endsAt: '2026-03-20T00:00:00Z' }, { reason: 'ends-soon', ends_at: '2026-03-20T00:00:00Z' }],
    [
      { endsAt: '2026-03-20T00:00:00Z', refreshTokenEndsAt: '2026-03-15T00:00:00Z' },
      { reason: 'ends-soon', ends_at: '2026-03-15T00:00:00Z' },
    ],
    [{ endsAt: '2026-03-10T11:00:00Z' }, { reason: 'ended', ends_at: '2026-03-10T11:00:00Z' }],
    [
      { refreshTokenEndsAt: '2026-03-09T00:00:00Z' },
      { reason: 'ended', ends_at: '2026-03-09T00:00:00Z' },
    ],
    [{ tokens: 'needs consent' }, { reason: 'ended' }],
    [
      { atBank: 'expired', endsAt: '2026-03-15T00:00:00Z' },
      { reason: 'ended', ends_at: '2026-03-15T00:00:00Z' },
    ],
    [{ atBank: 'revoked', tokens: 'needs consent' }, { reason: 'revoked' }],
    [{ atBank: 'rejected' }, { reason: 'revoked' }],
    [{ tokens: 'outcome unknown', unknownSince: NOW - HOUR }, { reason: 'outcome-unknown' }],
    [{ tokens: 'check failed' }, { reason: 'check-failed' }],
    [{ hasFailedRenewal: true }, { reason: 'check-failed' }],
    [
      { transactionsTo: '2026-03-08T00:00:00Z' },
      { reason: 'no-more-data', ends_at: '2026-03-08T00:00:00Z' },
    ],
    [
      { noticed: [{ reason: 'may-have-lost', accountId: 'A-1' }] },
      { reason: 'may-have-lost', account_id: 'A-1' },
    ],
    [
      { consentId: 'K1', tokens: 'check failed' },
      { consent_id: 'K1', reason: 'check-failed' },
    ],
  ])('with %j is reported as %j', (facts, attention) => {
    expect(about(facts)).toEqual([{ consent: 'c', ...attention }]);
  });

  it('is reported once for a reason that two sources name', () => {
    expect(about({ tokens: 'needs consent', noticed: [{ reason: 'ended' }] })).toEqual([
      { consent: 'c', reason: 'ended' },
    ]);
  });
});

it.each([
  ['2026-03-24T12:00:00.000Z', 'certificate-ends-soon'],
  ['2026-03-10T12:00:00.000Z', 'certificate-ended'],
])('a certificate that ends at %s is reported as %s, without a consent', (end, reason) => {
  const all = attentionOf([], { certificateEndsAt: Date.parse(end) }, 14, NOW);
  expect(all).toEqual([{ reason, ends_at: end }]);
  expect(attentionOf([], { certificateEndsAt: NOW + 15 * 24 * HOUR }, 14, NOW)).toEqual([]);
});

describe('what a subscriber was told', () => {
  const one: Attention = { consent: 'a', reason: 'ends-soon', ends_at: '2026-03-20T00:00:00Z' };
  const other: Attention = { consent: 'b', reason: 'may-have-lost', account_id: 'A-1' };

  it('does not come again, and the rest does', () => {
    const told = withTold({}, [one]);
    expect(untold(told, [one, other])).toEqual([other]);
    expect(untold(told, [{ ...one, ends_at: '2026-03-20T01:00:00+01:00' }])).toEqual([]);
  });

  it('comes again with another end, or for another account', () => {
    const told = withTold({}, [one, other]);
    const later = { ...one, ends_at: '2026-06-20T00:00:00Z' };
    const elsewhere = { ...other, account_id: 'A-2' };
    expect(untold(told, [later, elsewhere])).toEqual([later, elsewhere]);
  });

  it('comes again after it had gone', () => {
    const told = stillTrue(withTold({}, [one, other]), [other]);
    expect(untold(told, [one, other])).toEqual([one]);
  });

  it('is kept while the bank cannot be asked about the consent', () => {
    const told = stillTrue(withTold({}, [one, other]), [], new Set(['a']));
    expect(untold(told, [one, other])).toEqual([other]);
  });
});
