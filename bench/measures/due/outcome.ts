import type { BankCounts } from '../../bank/server';
import { BenchFailure } from '../../failure';
import type { RefreshCost } from './asker';
import type { PlannedStore } from './plan';

/** The outcome of a run, for all its consents. */
export interface Outcome {
  readonly due: RefreshCost;
  /** Counts of the bank before and after. */
  readonly before: BankCounts;
  readonly after: BankCounts;
  /** Consents whose next refresh token another process finds in the store. */
  readonly stored: number;
}

/**
 * Checks that each consent has a new token that is stored, and that the bank was asked once for each.
 *
 * @throws BenchFailure with the counts. A figure of a run that lost a consent says nothing.
 */
export function requireAllNew(
  { ratio, label }: Pick<PlannedStore, 'ratio' | 'label'>,
  consents: number,
  { due, before, after, stored }: Outcome,
): void {
  const failures = Object.entries(due.failures);
  const failed = failures.reduce((sum, [, { count }]) => sum + count, 0);
  const requests = after.tokenRequests - before.tokenRequests;
  const refusals = after.refusals - before.refusals;
  if (failed === 0 && requests === consents && refusals === 0 && stored === consents) return;
  const seconds = (due.milliseconds / 1000).toFixed(1);
  const counts = [
    `${consents - failed} of ${consents} consents got a new token in ${seconds} s`,
    `${stored} new refresh tokens are stored`,
    `the bank saw ${requests} requests and refused ${refusals} used refresh tokens`,
    `longest hold-up ${due.holdUp.toFixed(0)} ms`,
  ];
  const reasons = failures.map(([code, { count, first }]) => `${count} × ${code}: ${first}`);
  throw new BenchFailure([`${ratio} (${label}): ${counts.join('; ')}.`, ...reasons].join('\n'));
}
