import { PIECE, type Pieces } from '../../lib/pieces';
import { DAY } from '../../lib/time';
import type { RowState } from './digests';
import type { IdSource } from './facts';
import type { KnownRow } from './knownRows';

/** A known row of an account while a read is compared with the memory. */
export interface RememberedRow {
  readonly row: number;
  readonly id: string;
  readonly source: IdSource;
  /** `ended`: it was pending, and nothing is expected of it any more. */
  state: RowState | 'ended';
  day: string;
  /** The number of days (see `KnownRows.days`) when it was last seen. */
  seen: number;
  /** Whether the read that is compared shows it. */
  isFound: boolean;
  /** Whether a complete read that should have shown it did not. */
  isAbsent: boolean;
  /** Whether the bank gave its ID later, and content alone says that the ID is that of this row. */
  isAdopted: boolean;
  amount: string;
  bankId: string;
  reference: string;
  /** Its first text: users have this one. */
  readonly text: string;
  /** Its last text. */
  lastText: string;
  /** Of a pending row: see `Digests.likeness`. */
  likeness: string;
  /** Of a pending row: the first day on which it may be booked. Its own date may be an expected one. */
  since: string;
}

const SOURCES: readonly IdSource[] = ['bank', 'reference', 'fingerprint'];
const STATES: readonly RememberedRow['state'][] = ['booked', 'pending', 'other', 'ended'];

/** Number of combinations of source and state. */
const KINDS = SOURCES.length * STATES.length;

/** A row as JSON. Its members: number, ID, kind, day, last seen, amount, bank's ID, text, reference, last text, likeness, since. */
export function written(row: RememberedRow): KnownRow {
  const kind = SOURCES.indexOf(row.source) + SOURCES.length * STATES.indexOf(row.state);
  const flags = (row.isAbsent ? 1 : 0) + (row.isAdopted ? 2 : 0);
  const { text, lastText } = row;
  const members = [
    ...[row.row, row.id, kind + KINDS * flags, dayNumber(row.day), row.seen],
    ...[row.amount, row.bankId, text, row.reference, lastText === text ? '' : lastText],
    ...(row.state === 'pending' ? [row.likeness, dayNumber(row.since)] : []),
  ];
  while (members.at(-1) === '') members.pop();
  return members;
}

/** The rows of a memory. */
export function* readRows(rows: readonly KnownRow[]): Pieces<RememberedRow[]> {
  const read: RememberedRow[] = [];
  for (const row of rows) {
    if (read.length > 0 && read.length % PIECE === 0) yield;
    read.push(readRow(row));
  }
  return read;
}

function readRow(members: KnownRow): RememberedRow {
  const number = (at: number) => (members[at] ?? 0) as number;
  const text = (at: number) => (members[at] ?? '') as string;
  const kind = number(2) % KINDS;
  const flags = Math.floor(number(2) / KINDS);
  return {
    row: number(0),
    id: text(1),
    source: SOURCES[kind % SOURCES.length]!,
    state: STATES[Math.floor(kind / SOURCES.length)]!,
    day: dayOfNumber(members[3]),
    seen: number(4),
    isFound: false,
    isAbsent: flags % 2 === 1,
    isAdopted: flags >= 2,
    amount: text(5),
    bankId: text(6),
    text: text(7),
    reference: text(8),
    lastText: text(9) || text(7),
    likeness: text(10),
    since: dayOfNumber(members[11]),
  };
}

/** Days since 1970; empty if there is no day. */
function dayNumber(day: string): number | '' {
  return day === '' ? '' : Date.parse(`${day}T00:00:00Z`) / DAY;
}

function dayOfNumber(value: string | number | undefined): string {
  return typeof value === 'number' ? new Date(value * DAY).toISOString().slice(0, 10) : '';
}
