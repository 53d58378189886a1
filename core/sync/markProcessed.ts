import {
  isDue,
  positionOf,
  withPosition,
  type AccountState,
  type HandedRow,
  type Position,
} from './accountState';
import { committed } from './handOverChanges';
import { rowsWithIds } from './identities/knownRows';
import { isProcessed, withProcessed } from './processed';

/** The memory after transactions were marked as processed. */
export interface Processed {
  readonly state: AccountState;
  /** How many were not marked before. */
  readonly count: number;
}

/**
 * The memory of an account after transactions were marked as processed. It is pure.
 *
 * @param today by the store's clock
 */
export function marked(
  state: AccountState,
  subscriber: string,
  ids: readonly string[],
  today: string,
): Processed {
  const position = positionOf(state, subscriber);
  const rows = position.start ? rowsWithIds(state.known, new Set(ids)) : new Map<string, number>();
  const byRow = new Map(position.marks.map((mark) => [mark.row, mark]));
  const unbooked = new Set(state.unbooked);
  const unseen = new Set(position.unseen);
  const handed: HandedRow[] = [];
  const others: string[] = [];
  /** How many have no mark yet, and could have got one later. */
  let early = 0;
  for (const id of new Set(ids)) {
    const row = rows.get(id);
    if (row === undefined) {
      if (!isProcessed(position, id)) others.push(id);
      continue;
    }
    const mark = byRow.get(row);
    // The item that the workflow processed may be older than the mark: then the newer event still comes.
    if (mark && isDue(mark, position)) handed.push(handedRow(row, mark.at, unbooked.has(row)));
    else if (unseen.delete(row)) early++;
  }
  const seen =
    early === 0 ? state : withPosition(state, subscriber, { ...position, unseen: [...unseen] });
  const ofRows = committed(seen, subscriber, { id: '', rows: handed }) ?? seen;
  const next =
    others.length === 0
      ? ofRows
      : withPosition(
          ofRows,
          subscriber,
          withProcessed(positionOf(ofRows, subscriber), others, today),
        );
  return { state: next, count: handed.length + early + others.length };
}

function handedRow(row: number, event: HandedRow['event'], isUnbooked: boolean): HandedRow {
  return { row, event, isFinal: !isUnbooked && event !== 'vanished' && event !== 'changed' };
}

/** A transaction whose newness is asked. */
interface AskedTransaction {
  /** Its number in the memory; 0 if no read of a trigger has shown it. */
  readonly row: number;
  readonly id: string;
}

/** Decides whether a subscriber has not been told of a transaction yet. The memory is prepared once for all of them. */
export function newnessFor(
  { unbooked }: AccountState,
  position: Position,
): (transaction: AskedTransaction) => boolean {
  const marks = new Map(position.marks.map(({ row, at }) => [row, at]));
  const open = new Set(unbooked);
  return ({ row, id }) => {
    if (!position.start || row === 0) return !isProcessed(position, id);
    const at = marks.get(row);
    return at === undefined ? open.has(row) : at === 'new' || at === 'booked';
  };
}
