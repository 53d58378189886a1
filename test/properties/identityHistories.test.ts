import fc from 'fast-check';
import { histories, historyText } from '../sync/model/history';
import { trackedHistory } from '../sync/model/trackedHistory';
import { identityTracker } from '../sync/model/trackers';
import { isLong, seed } from './form';

it('the identities of transactions lose none, and repeat none that the answers of a bank tell apart', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      try {
        const { lost, repeated, sharedIds } = await trackedHistory(history, identityTracker);
        expect({ lost, repeated, sharedIds }).toEqual({ lost: [], repeated: [], sharedIds: [] });
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${historyText(history)}`);
      }
    }),
    { seed, numRuns: isLong ? 2000 : 60 },
  );
}, 600_000);
