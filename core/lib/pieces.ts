import { setImmediate } from 'node:timers/promises';

/** Work in pieces of a few milliseconds. Between two of them, other work of the process may run. */
export type Pieces<Result> = Generator<void, Result, void>;

/** Number of entries in a piece. */
export const PIECE = 2000;

/** The result of work in pieces. Between two of them, events are handled: requests to n8n and its heartbeats. */
export async function inPieces<Result>(work: Pieces<Result>): Promise<Result> {
  let step = work.next();
  while (!step.done) {
    await setImmediate();
    step = work.next();
  }
  return step.value;
}

/** Visits each entry. @param piece number of entries in a piece: fewer if each takes long */
export function* eachInPieces<Entry>(
  entries: Iterable<Entry>,
  visit: (entry: Entry, index: number) => void,
  piece = PIECE,
): Pieces<void> {
  let index = 0;
  for (const entry of entries) {
    if (index > 0 && index % piece === 0) yield;
    visit(entry, index);
    index++;
  }
}

type Comparison<Entry> = (one: Entry, other: Entry) => number;

/** A sorted copy. Equal entries stay in their order. */
export function* sortedInPieces<Entry>(
  entries: readonly Entry[],
  compare: Comparison<Entry>,
): Pieces<Entry[]> {
  let runs: Entry[][] = [];
  for (let at = 0; at < entries.length; at += PIECE) {
    if (at > 0) yield;
    runs.push(entries.slice(at, at + PIECE).sort(compare));
  }
  while (runs.length > 1) {
    const merged: Entry[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      merged.push(yield* mergedInPieces(runs[at]!, runs[at + 1] ?? [], compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergedInPieces<Entry>(
  first: readonly Entry[],
  second: readonly Entry[],
  compare: Comparison<Entry>,
): Pieces<Entry[]> {
  const merged: Entry[] = [];
  let [one, other] = [0, 0];
  while (one < first.length || other < second.length) {
    if (merged.length > 0 && merged.length % PIECE === 0) yield;
    const isFirst =
      other >= second.length || (one < first.length && compare(first[one]!, second[other]!) <= 0);
    merged.push(isFirst ? first[one++]! : second[other++]!);
  }
  return merged;
}
