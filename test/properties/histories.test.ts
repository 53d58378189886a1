import fc from 'fast-check';
import { histories, historyText, type History } from '../sync/model/history';
import { judged } from '../sync/model/judgement';
import { play } from '../sync/model/reads';
import { Place, SubscriptionReader } from '../sync/model/subscriptionReader';
import { World } from '../sync/model/world';
import { isLong, seed } from './form';

let place: Place;
beforeAll(async () => (place = await Place.open()));
afterAll(() => place.close());

async function judgement(history: History) {
  const world = new World(history);
  const reader = new SubscriptionReader(place, world, history);
  await play(world, reader, history);
  return judged(world, reader.deliveries, history.start);
}

it('each booked transaction reaches a succeeded execution, and comes again only if a bank allows two readings', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      try {
        const { lost, repeated, sharedIds } = await judgement(history);
        expect({ lost, repeated, sharedIds }).toEqual({ lost: [], repeated: [], sharedIds: [] });
      } catch (error) {
        throw new Error(`${historyText(history)}\n${(error as Error).stack}`);
      }
    }),
    { seed, numRuns: Number(process.env.RUNS ?? (isLong ? 1000 : 40)) },
  );
}, 3_600_000);
