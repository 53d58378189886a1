import { distribution, ratios, type Distribution } from '../../report/statistics';
import type { RefreshCost } from './asker';
import type { PlannedStore } from './plan';

/** Cost of consents that are due at the same time. */
export interface DueCost {
  /** Until the last one has its token. */
  seconds: Distribution;
  /** Longest hold-up of the event loop, ms. */
  holdUp: Distribution;
}

/** The same with a store. */
export interface DueStoreCost extends DueCost {
  label: string;
  /** The time that it is compared with. */
  referenceSeconds: Distribution;
  /** Longest hold-up of the event loop over the time without a store. */
  holdUpShare: Distribution;
}

/** Costs of consents that are due at the same time, without a store and with each store. */
export interface DueResult {
  consents: number;
  plain: DueCost;
  stores: DueStoreCost[];
  ratios: Record<string, Distribution>;
}

/** A round of a store: the refreshes without it, and right after them those with it. */
export interface Round {
  readonly store: PlannedStore;
  readonly plain: RefreshCost;
  readonly due: RefreshCost;
}

/** The result of all rounds. @param consents their number in each round */
export function resultOf(rounds: readonly Round[], consents: number): DueResult {
  const all: Record<string, Distribution> = {};
  const costs = [...new Set(rounds.map(({ store }) => store))].map((store) => {
    const own = rounds.filter((round) => round.store === store);
    const plainTimes = own.map(({ plain }) => plain.milliseconds);
    const { limit } = store;
    const references = limit ? own.map(() => limit * consents) : plainTimes;
    const times = own.map(({ due }) => due.milliseconds);
    const holdUps = own.map(({ due }) => due.holdUp);
    all[store.ratio] = distribution(ratios(times, references));
    return {
      label: store.label,
      ...costOf(own.map(({ due }) => due)),
      referenceSeconds: distribution(references.map(inSeconds)),
      holdUpShare: distribution(ratios(holdUps, plainTimes)),
    };
  });
  const shares = costs.map(({ holdUpShare }) => holdUpShare);
  const largest = shares.reduce((one, other) => (other.median > one.median ? other : one));
  return {
    consents,
    plain: costOf(rounds.map(({ plain }) => plain)),
    stores: costs,
    ratios: { ...all, due_1000_hold: largest },
  };
}

function costOf(rounds: readonly RefreshCost[]): DueCost {
  return {
    seconds: distribution(rounds.map(({ milliseconds }) => inSeconds(milliseconds))),
    holdUp: distribution(rounds.map(({ holdUp }) => holdUp)),
  };
}

function inSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}
