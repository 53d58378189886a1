import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { ErrorCode } from '../../errors/catalogue';
import { inPieces } from '../../lib/pieces';
import { counted } from '../../lib/remarks';
import { daysBefore } from '../../sync/days';
import { accountPath } from '../accountApi';
import { collectedRows } from '../collectedRows';
import type { PullRequest } from '../pullRequest';
import { dateOf, dayOf } from '../simplified/dates';
import type { RawRow } from '../simplified/rawRow';
import { sightingsOf, unreadableAmount, type SeenRow } from '../simplified/sightings';

/** The transactions of an account as one read showed them. */
export interface AccountRows {
  readonly rows: readonly SeenRow[];
  /** Those without an ID that came on an earlier page in the same form: an equal payment, or the same row if the pages shifted. */
  readonly doubtful: ReadonlySet<RawRow>;
  /** Whether the bank gave all that was asked for. */
  readonly isComplete: boolean;
  /** The first day that was asked for. */
  readonly from: string;
  /** The first day that was wanted, if the bank does not give it. */
  readonly refusedFrom?: string;
  /** The reason why there are no more rows. */
  readonly failure?: OpenBankingError;
  /** The error of the first row whose amount cannot be read. */
  readonly unreadable?: OpenBankingError;
}

/** Refusals that a shorter period may avoid: banks give older transactions only for some minutes after the customer has logged in. */
const OF_THE_PERIOD = new Set<ErrorCode>([
  'period-refused',
  'permission-missing',
  'reauthentication-needed',
]);

/** Days that most banks give at any time: 90, and one less. */
const USUAL_DAYS = 89;

/** Reads the transactions of an account from a day on, or as far back as the bank allows. */
export async function accountRows(
  request: PullRequest,
  accountId: string,
  period: { readonly from: string; readonly today: string; readonly shortest: string },
): Promise<AccountRows> {
  const { from, today, shortest } = period;
  const first = await rowsFrom(request, accountId, from);
  if (!isOfPeriod(first)) return first;
  for (const later of [daysBefore(today, USUAL_DAYS), shortest]) {
    if (later <= from) continue;
    const next = await rowsFrom(request, accountId, later);
    if (!isOfPeriod(next)) return next.failure ? first : { ...next, refusedFrom: from };
  }
  return first;
}

function isOfPeriod({ rows, failure }: AccountRows): boolean {
  return rows.length === 0 && failure !== undefined && OF_THE_PERIOD.has(failure.code);
}

async function rowsFrom(
  request: PullRequest,
  accountId: string,
  from: string,
): Promise<AccountRows> {
  const { remarks } = request;
  let hasGap = false;
  const doubtful = new Set<RawRow>();
  // A bank that ignores the filter gives years. Rows that were not asked for are not remembered.
  const isWanted = ({ BookingDateTime }: RawRow) => {
    const date = dateOf(BookingDateTime);
    if (!date || dayOf(date.text) >= from) return true;
    remarks.count(earlier);
    return false;
  };
  const { rows, failure } = await collectedRows(request, {
    path: () => accountPath(accountId, 'transactions'),
    // Without a zone, as the standard demands.
    query: `fromBookingDateTime=${from}T00:00:00`,
    member: 'Transaction',
    isWanted,
    onGap: () => (hasGap = true),
    onEqual: (row) => doubtful.add(row),
  });
  const seen = await inPieces(sightingsOf(rows, remarks));
  const at = seen.findIndex(({ amount }) => amount === '');
  const unreadable = at < 0 ? undefined : unreadableAmount(seen[at]!, at, accountId);
  return {
    rows: seen,
    doubtful,
    isComplete: failure === undefined && !hasGap,
    from,
    ...(failure && { failure }),
    ...(unreadable && { unreadable }),
  };
}

const earlier = (count: number) =>
  `In ${counted(count, 'row')}, the booking date is before the period that was asked for. These rows are left out.`;
