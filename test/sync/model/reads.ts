import type { History, Step } from './history';
import type { Shown, World } from './world';

/** The rows of a read with a mistake in it. */
export function leftOut(
  rows: readonly Shown[],
  { how, pick }: { readonly how: string; readonly pick: number },
): Shown[] {
  if (how === 'broken') return rows.slice(0, Math.ceil(rows.length / 2));
  if (how !== 'left out' && how !== 'skip') return [...rows];
  const missing = pick % Math.max(1, rows.length);
  return rows.filter((_, at) => at !== missing);
}

/** A reader of a bank. */
export interface Reader {
  take(step: Step): Promise<void> | void;
}

/** At the end the bank behaves well, and polls succeed on some days, so that all that is due can come. */
const CLOSING: readonly Step[] = [
  { do: 'show', at: 0 },
  { do: 'show', at: 1 },
  { do: 'renew', newIds: false },
  ...[1, 2, 3, 4].flatMap((): Step[] => [
    { do: 'wait', hours: 25 },
    { do: 'poll', by: 0, end: 'success' },
  ]),
];

/** Lets a history happen, and its end. */
export async function play(world: World, reader: Reader, { steps }: History): Promise<void> {
  for (const step of steps) {
    world.take(step);
    await reader.take(step);
  }
  for (const account of world.accounts) account.next = undefined;
  for (const step of CLOSING) {
    world.take(step);
    await reader.take(step);
  }
}
