import { randomUUID } from 'node:crypto';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { inPieces } from '../../lib/pieces';
import { Remarks } from '../../lib/remarks';
import { dayAt, daysBefore } from '../../sync/days';
import { isFinal, isPending } from '../../sync/identities/facts';
import { lookedUp } from '../../sync/identities/lookedUp';
import { accountKeyIn, seenAccount, type ConsentMemory } from '../../sync/memory';
import { LIST } from '../../sync/reads';
import { ownError } from '../collectedRows';
import { listedAccounts } from '../listedAccounts';
import { accountIdOf } from '../simplified/account';
import { transactionItem } from '../simplified/transaction';
import { accountRows } from './accountRows';
import { consentSource, type ConsentSource } from './consentSource';
import type { NewTransaction } from './newTransaction';
import type { PollFailure, PollReport, ReadContext } from './options';

/** A first look. */
export interface Preview {
  readonly items: readonly NewTransaction[];
  readonly report: PollReport;
}

/**
 * The newest transactions of the first accounts, until there are enough. They have the IDs that a poll would give them, and nothing is
 * remembered but that accounts were read.
 *
 * @throws OpenBankingError those of the store
 */
export async function previewOf(
  context: ReadContext,
  consents: readonly string[],
  limit: number,
  signal?: AbortSignal,
): Promise<Preview> {
  const { sync } = context;
  const remarks = new Remarks();
  const failures: PollFailure[] = [];
  const items: NewTransaction[] = [];
  const reading = randomUUID();
  for (const consent of consents) {
    if (items.length >= limit || signal?.aborted) break;
    const failed = (error: OpenBankingError, accountId?: string) =>
      failures.push({ consent, ...(accountId !== undefined && { accountId }), error });
    try {
      const memory = await sync.ofConsent(consent);
      const source = await consentSource(context, consent, remarks, signal);
      await sync.reads.add(consent, [LIST], reading);
      const { rows, failure } = await listedAccounts(source.request);
      if (failure) failed(failure);
      const ids = rows.flatMap((row) => accountIdOf(row) ?? []);
      const accounts = ids.length > 0 ? ids : (memory.consent?.accounts ?? []).map(idOf);
      for (const accountId of accounts) {
        if (items.length >= limit || signal?.aborted) break;
        await sync.reads.add(consent, [accountId], reading);
        const looked = await lookAt(context, source, memory, accountId);
        if (looked.failure) failed(looked.failure, accountId);
        items.push(...looked.items.slice(0, limit - items.length));
      }
    } catch (error) {
      failed(ownError(error));
    }
  }
  return { items, report: { remarks: remarks.texts, failures } };
}

const idOf = ({ accountId }: { accountId: string }) => accountId;

/** The transactions of one account, the newest first. */
async function lookAt(
  { options, sync }: ReadContext,
  { request }: ConsentSource,
  memory: ConsentMemory,
  accountId: string,
): Promise<{ items: NewTransaction[]; failure?: OpenBankingError }> {
  const { origin, remarks } = request;
  const today = dayAt(await sync.now());
  const from = daysBefore(today, options.windowDays + 1);
  const read = await accountRows(request, accountId, { from, today, shortest: from });
  const accountKey = accountKeyIn(memory.consent, accountId);
  const { state } = memory.accounts.get(accountKey) ?? seenAccount(undefined);
  const rows = read.rows.map((row) => (row.amount === '' ? undefined : row));
  const given = await inPieces(lookedUp(state.known, rows, accountKey));
  const items = rows.flatMap((row, at): NewTransaction[] => {
    const one = given[at];
    if (!row || !one) return [];
    if (!isFinal(row) && !(options.withPending && isPending(row))) return [];
    const whole = { ...origin, accountId, accountKey };
    return [{ ...transactionItem(row, one, whole, remarks), event: 'new' }];
  });
  items.sort((one, other) => (dateOf(one) < dateOf(other) ? 1 : -1));
  return { items, ...(read.failure && { failure: read.failure }) };
}

function dateOf(item: NewTransaction): string {
  return 'booked_at' in item ? (item.booked_at ?? '') : '';
}
