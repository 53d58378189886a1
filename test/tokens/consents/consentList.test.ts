import { summaryOf } from '../../../core/tokens/consents/consentList';
import { anotherProcess, expired, rotatingBank, tokensOf, passed } from '../../support/consents';

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
  } as const;
  const after = (minutes: number) => 1_000_000 + minutes * 60_000;

  it.each([
    ['valid', { expiresAt: after(60) }, 1],
    ['expiring', { expiresAt: after(60) }, 59.5],
    ['valid', {}, 1],
    ['expiring', {}, 6],
    ['expiring', { attemptedAt: after(60) }, 60.5],
    ['outcome unknown', { attemptedAt: after(60) }, 62],
    ['needs consent', { state: 'needs-consent', expiresAt: after(60) }, 1],
    ['expiring', { expiresAt: after(60), certificateThumbprint: 'another' }, 1],
  ] as const)('returns the state "%s" for %j after %d minutes', (state, changes, minutes) => {
    expect(
      summaryOf({ ...record, ...changes }, undefined, thumbprint, after(minutes)),
    ).toMatchObject({
      state,
    });
  });
});
