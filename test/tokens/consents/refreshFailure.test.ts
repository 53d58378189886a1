import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { refreshFailure } from '../../../core/tokens/consents/refreshFailure';
import type { StoredRecord } from '../../../core/store/store';
import { HOUR } from '../../support/clock';
import { tokensOf } from '../../support/stores/consents';

const now = Date.UTC(2026, 11, 1);
const attempt = { at: now - 1000, limit: 40_000 };
const record: StoredRecord = {
  ...{ name: 'name', bank: 'https://bank.example', clientId: 'client-1', consent: 'c' },
  ...{ envelope: new Uint8Array(), state: 'usable', obtainedAt: now - 3 * HOUR, revision: 3 },
  ...{ certificateThumbprint: 'thumbprint', readAt: { at: now, learnedAt: now } },
};

/** The state after a refresh that a bank refused, as it did hours ago. */
function stateAfter(code: 'invalid-grant' | 'customer-disabled' | 'consent-withdrawn') {
  const error = new OpenBankingError(code, { message: 'The bank refused', outcome: 'refused' });
  const at = now - 2 * HOUR;
  const former = { at, kind: 'refused', code, message: 'The bank refused', refusedAt: at } as const;
  const setback = { ...former, until: now - HOUR, count: 1 };
  const content = { tokens: tokensOf('at-1'), grant: 'grant', imported: [], setback };
  return refreshFailure(error, { record, content, attempt, now });
}

it('a refusal of the refresh token that comes again an hour later ends a consent', () => {
  expect(stateAfter('invalid-grant').state).toBe('needs-consent');
  expect(stateAfter('consent-withdrawn').state).toBe('needs-consent');
});

it('a customer whose log-in is disabled at the bank ends no consent: the next try is an hour later', () => {
  const { state, content } = stateAfter('customer-disabled');
  expect(state).toBe('usable');
  expect(content?.setback).toMatchObject({ kind: 'refused', until: now + HOUR });
});
