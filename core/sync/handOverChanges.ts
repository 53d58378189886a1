import {
  isDue,
  positionOf,
  withPosition,
  type AccountState,
  type HandedRow,
  type RowMark,
  type OpenHandOver,
  type Position,
} from './accountState';

/** A change of the memory by a hand-over. */
export interface Opened {
  readonly state: AccountState;
  /** Those of the rows that are handed over. */
  readonly rows: readonly HandedRow[];
}

/**
 * The memory after a hand-over began. Rows that the subscriber has been told of meanwhile are left out. It is pure.
 *
 * @param ended IDs of hand-overs that are over, because their process ended
 * @param now by the store's clock
 * @returns `blocked` if another hand-over of the account is open; `undefined` if no row is left
 */
export function opened(
  state: AccountState,
  subscriber: string,
  handOver: OpenHandOver,
  { ended, now }: { readonly ended: ReadonlySet<string>; readonly now: number },
): Opened | 'blocked' | undefined {
  const position = positionOf(state, subscriber);
  // Its own record is there if the answer of the store to an earlier try was lost.
  const isOpen = ({ id, until }: OpenHandOver) =>
    id !== handOver.id && !ended.has(id) && until > now;
  if (position.open.some(isOpen)) return 'blocked';
  const due = new Map(position.marks.filter((mark) => isDue(mark, position)).map(rowAndEvent));
  const rows = handOver.rows.filter(({ row, event }) => due.get(row) === event);
  if (rows.length === 0) return undefined;
  const next = { ...position, open: [{ ...handOver, rows }] };
  return { state: withPosition(state, subscriber, next), rows };
}

/** The memory after a hand-over failed: its rows have to be handed over again. `undefined` if nothing changes. */
export function released(
  state: AccountState,
  subscriber: string,
  id: string,
): AccountState | undefined {
  const position = positionOf(state, subscriber);
  if (!position.open.some((one) => one.id === id)) return undefined;
  return withPosition(state, subscriber, withoutOpen(position, id));
}

/**
 * The memory after a hand-over succeeded, also if it was released before.
 *
 * @param rows those that were handed over
 * @returns `undefined` if nothing changes
 */
export function committed(
  state: AccountState,
  subscriber: string,
  { id, rows }: { readonly id: string; readonly rows: readonly HandedRow[] },
): AccountState | undefined {
  const position = positionOf(state, subscriber);
  const marks = new Map(position.marks.map((mark) => [mark.row, mark]));
  const unbooked = new Set(state.unbooked);
  let hasChanged = position.open.some((one) => one.id === id);
  for (const handed of rows) {
    const present = marks.get(handed.row);
    const next = afterTelling(present, handed, unbooked.has(handed.row));
    if (next === present) continue;
    hasChanged = true;
    if (next) marks.set(handed.row, next);
    else marks.delete(handed.row);
  }
  if (!hasChanged) return undefined;
  const next = { ...withoutOpen(position, id), marks: [...marks.values()] };
  return withPosition(state, subscriber, next);
}

/**
 * The mark of a row after the subscriber was told of it.
 *
 * @param present its mark: reads may have changed it since
 * @param isUnbooked whether the row is still not booked
 */
function afterTelling(
  present: RowMark | undefined,
  { row, event, isFinal }: HandedRow,
  isUnbooked: boolean,
): RowMark | undefined {
  if (isFinal) return undefined;
  if (event === 'vanished') {
    return present?.at === 'vanished' ? { row, at: 'ended' } : present;
  }
  // It was told of a pending row. Since then the row may have been booked or have vanished.
  if (present && present.at !== event) return present;
  return isUnbooked ? { row, at: 'told' } : undefined;
}

function withoutOpen(position: Position, id: string): Position {
  return { ...position, open: position.open.filter((one) => one.id !== id) };
}

function rowAndEvent({ row, at }: RowMark): [number, RowMark['at']] {
  return [row, at];
}
