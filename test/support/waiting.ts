import { setTimeout } from 'node:timers/promises';

/** Waits until a condition is true. The time limit of the test ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}
