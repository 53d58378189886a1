import type { History } from './history';
import { judged, type Judgement } from './judgement';
import { play } from './reads';
import type { Tracker } from './trackers';
import { TrackingReader } from './trackingReader';
import { World } from './world';

/** Lets a history happen to a reader with such trackers, and judges it. */
export async function trackedHistory(
  history: History,
  trackerOf: (accountKey: string) => Tracker,
): Promise<Judgement> {
  const world = new World(history);
  const reader = new TrackingReader(world, history.start, trackerOf);
  await play(world, reader, history);
  return judged(world, reader.deliveries, history.start);
}
