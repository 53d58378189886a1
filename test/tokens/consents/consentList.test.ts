import { isoTime } from '../../../core/lib/time';
import type { RecordContent, Setback } from '../../../core/tokens/records/recordContent';
import { summaryOf } from '../../../core/tokens/consents/consentList';
import {
  anotherProcess,
  expired,
  rotatingBank,
  tokensOf,
  passed,
} from '../../support/stores/consents';

it('the list of stored consents contains no secret', async () => {
  const bank = await rotatingBank();
  const kept = await anotherProcess(bank);
  await kept.keep('b', passed(tokensOf('secret-at', { refresh_token: 'secret-rt' })));
  await kept.keep('a', passed(expired(bank, 'a')));
  const listed = await kept.list();
  expect(listed).toEqual([
    expect.objectContaining({ consent: 'a', state: 'expiring' }),
    {
      consent: 'b',
      state: 'valid',
      bank: bank.settings.tokenEndpoint,
      client_id: 'client-1',
      expires_at: expect.any(String),
      refreshed_at: expect.any(String),
      certificate_thumbprint: expect.stringMatching(/^[\w-]{43}$/),
    },
  ]);
  expect(JSON.stringify(listed)).not.toContain('secret');
});

describe('summaryOf', () => {
  const thumbprint = 't';
  const record = {
    name: 'n',
    bank: 'b',
    clientId: 'c',
    consent: 'k',
    envelope: Buffer.alloc(0),
    state: 'usable',
    obtainedAt: 1_000_000,
    certificateThumbprint: thumbprint,
    revision: 1,
    readAt: { at: 0, learnedAt: 0 },
  } as const;
  const after = (minutes: number) => 1_000_000 + minutes * 60_000;

  it.each([
    ['valid', { expiresAt: after(60) }, 1],
    ['expiring', { expiresAt: after(60) }, 59.5],
    ['valid', {}, 1],
    ['expiring', {}, 6],
    ['expiring', { attempt: { at: after(60), limit: 40_000 } }, 60.5],
    ['outcome unknown', { attempt: { at: after(60), limit: 40_000 } }, 62],
    ['needs consent', { state: 'needs-consent', expiresAt: after(60) }, 1],
    ['expiring', { expiresAt: after(60), certificateThumbprint: 'another' }, 1],
  ] as const)('returns the state "%s" for %j after %d minutes', (state, changes, minutes) => {
    expect(
      summaryOf({ ...record, ...changes }, undefined, thumbprint, after(minutes)),
    ).toMatchObject({
      state,
    });
  });

  const tokens = tokensOf('at', { refresh_token: 'rt', obtained_at: isoTime(1_000_000) });
  const lasting = { ...tokens, expires_at: isoTime(after(60)) };
  const setback = { code: 'invalid-grant', message: 'said no', count: 1 } as const;
  const of = (kind: Setback['kind']) => ({
    setback: { ...setback, kind, at: after(1), until: after(61) },
  });
  const received = {
    tokens: lasting,
    check: { code: 'jwt-issuer', message: 'no issuer' },
  } as const;
  const happened = 'On 1970-01-01T00:17:40.000Z: said no';

  it.each([
    ['valid', {}, undefined],
    ['refused', of('refused'), happened],
    ['refused', of('unreadable'), happened],
    ['outcome unknown', of('unknown'), happened],
    ['valid', of('wait'), happened],
    ['check failed', { refreshed: received }, 'no issuer'],
    ['check failed', { renewed: received, tokens: undefined }, 'no issuer'],
    ['valid', { renewed: received }, 'no issuer'],
    [
      'check failed',
      { refreshed: { tokens: lasting } },
      'The received tokens could not be checked',
    ],
  ] as [string, Partial<RecordContent>, string | undefined][])(
    'returns the state "%s" for the content %j',
    (state, changes, reason) => {
      const content = { tokens: lasting, grant: 'g', imported: [], ...changes };
      const summary = summaryOf(record, content, thumbprint, after(2));
      expect(summary.state).toBe(state);
      if (reason) expect(summary.reason).toContain(reason);
      else expect(summary).not.toHaveProperty('reason');
      expect(summary).not.toHaveProperty('needs_consent_at');
    },
  );

  it.each([
    ['valid', 59.9],
    ['needs consent', 60.1],
  ])('returns the state "%s" without a refresh token after %d minutes', (state, minutes) => {
    const content = { tokens: { ...lasting, refresh_token: undefined }, grant: 'g', imported: [] };
    expect(summaryOf(record, content, thumbprint, after(minutes))).toMatchObject({
      state,
      needs_consent_at: isoTime(after(60)),
    });
  });
});
