import fc from 'fast-check';
import { writeMeasure } from '../reliability/counts';
import { histories, historyText, type History } from '../sync/model/history';
import { judged, type Judgement, type Kind } from '../sync/model/judgement';
import { play } from '../sync/model/reads';
import { Place, SubscriptionReader } from '../sync/model/subscriptionReader';
import { World } from '../sync/model/world';
import { isLong, seed } from './form';

/** Histories in the form that runs. */
const COUNT = isLong ? 1000 : 8;

let place: Place;
beforeAll(async () => (place = await Place.open()));
afterAll(() => place.close());

/** The counts of all histories, and the reasons why transactions came again although no execution had failed. */
const counts = { histories: 0, due: 0, lost: 0, repeated: 0, sharedIds: 0 };
const allowed = new Map<Kind, number>();
const failures: string[] = [];

afterAll(() => {
  if (!isLong) return;
  const kinds = [...allowed].sort().map(([kind, times]) => ({ kind, times }));
  writeMeasure('histories', { rows: [counts], failures });
  writeMeasure('histories.kinds', { rows: kinds, failures: [] });
});

async function judgement(history: History): Promise<Judgement> {
  const world = new World(history);
  const reader = new SubscriptionReader(place, world, history);
  await play(world, reader, history);
  return judged(world, reader.deliveries, history.start);
}

function count({ due, lost, repeated, sharedIds, allowed: kinds }: Judgement): void {
  counts.histories++;
  counts.due += due;
  counts.lost += lost.length;
  counts.repeated += repeated.length;
  counts.sharedIds += sharedIds.length;
  for (const [kind, times] of kinds) allowed.set(kind, (allowed.get(kind) ?? 0) + times);
}

it(`each booked transaction reaches a succeeded execution, and comes again only if the answers of the bank allow two readings (${COUNT} histories)`, async () => {
  let hasFailed = false;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      try {
        const result = await judgement(history);
        // The smaller histories that are tried after a failure do not count.
        if (!hasFailed) count(result);
        const { lost, repeated, sharedIds } = result;
        expect({ lost, repeated, sharedIds }).toEqual({ lost: [], repeated: [], sharedIds: [] });
      } catch (error) {
        if (!hasFailed) failures.push(`seed ${seed}: ${(error as Error).message}`);
        hasFailed = true;
        throw new Error(`seed ${seed}\n${historyText(history)}\n${(error as Error).message}`);
      }
    }),
    { seed, numRuns: COUNT },
  );
}, 3_600_000);
