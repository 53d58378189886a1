import type { Arrival } from './arrivals';

/** The knowledge of the store when the process of the trigger was dead. */
export interface Kill {
  /** When, by the clock of the arrivals. */
  at: number;
  /** The highest ID of an execution that n8n had created. It may run those later that had not begun. */
  lastExecution: number;
  /** By workflow: the keys of transactions that it does not get again. */
  settled: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The fate of each transaction of a workflow. Each list has the keys of transactions. */
export interface Verdict {
  /** Transactions that came to the end of an execution, or were marked as processed. */
  received: number;
  /** Transactions of the bank that are not among them. */
  lost: string[];
  /** Arrivals of a transaction that had arrived before. */
  repeated: number;
  /** Those of them after an execution with the transaction had come to its end, or after the store had it as processed; without {@link overlapping}. */
  afterSuccess: string[];
  /**
   * Those that come from n8n itself. If it is killed before an execution has begun, it runs this execution after its next start. The trigger
   * hands its transactions over at the same time, because the process that could have learnt of their success is dead.
   */
  overlapping: number;
  /** Those of these that no kill explains: the store had the transaction as processed, or the process of the trigger lived on. */
  wrong: string[];
  /** Transactions that were marked as processed, and whose execution was killed before it could note it. */
  unnoted: string[];
  /** Arrivals under an ID that the bank's transactions do not have. */
  unknown: string[];
}

/**
 * Judges a workflow.
 *
 * @param all the arrivals of all workflows, the oldest first
 * @param booked the keys of all transactions that it has to receive
 */
export function verdictOf(
  all: readonly Arrival[],
  workflow: string,
  booked: readonly string[],
  kills: readonly Kill[],
): Verdict {
  const own = all.filter((arrival) => arrival.workflow === workflow);
  const settledAt = new Map<string, number>();
  for (const { at, settled } of kills) {
    for (const key of settled.get(workflow) ?? []) {
      if (!settledAt.has(key)) settledAt.set(key, at);
    }
  }
  const done = new Set(own.flatMap((arrival) => (arrival.done === null ? [] : [arrival.key])));
  const unnoted = new Set(
    own.flatMap(({ key, marking }) =>
      marking !== null && !done.has(key) && settledAt.has(key) ? [key] : [],
    ),
  );
  const repeats = own.flatMap((arrival, index): Repeat[] => {
    const earlier = own.slice(0, index).filter(({ key }) => key === arrival.key);
    if (earlier.length === 0) return [];
    const success = earlier.findLast((one) => one.done !== null && one.done < arrival.at);
    const isSettled = (settledAt.get(arrival.key) ?? Infinity) < arrival.at;
    return [{ arrival, success, isSettled }];
  });
  const wasKilledBetween = ({ arrival, success }: Repeat) =>
    success && kills.some(({ at }) => success.at < at && at < arrival.at);
  const isOverlapping = (repeat: Repeat) =>
    !repeat.isSettled &&
    !wasKilledBetween(repeat) &&
    [repeat.arrival, repeat.success].some((one) => one && ranAfterStart(one, kills));
  const afterSuccess = repeats.filter(
    (repeat) => (repeat.success ?? repeat.isSettled) && !isOverlapping(repeat),
  );
  const wrong = afterSuccess.filter((repeat) => repeat.isSettled || !wasKilledBetween(repeat));
  const known = new Set(booked);
  return {
    received: done.size + unnoted.size,
    lost: booked.filter((key) => !done.has(key) && !unnoted.has(key)),
    repeated: repeats.length,
    afterSuccess: afterSuccess.map(({ arrival }) => arrival.key),
    overlapping: repeats.filter((repeat) => repeat.success && isOverlapping(repeat)).length,
    wrong: wrong.map(({ arrival }) => arrival.key),
    unnoted: [...unnoted],
    unknown: [...new Set(own.map(({ key }) => key))].filter((key) => !known.has(key)),
  };
}

interface Repeat {
  arrival: Arrival;
  /** The latest execution with the transaction that had come to its end before. */
  success: Arrival | undefined;
  /** Whether the store had it as processed before. */
  isSettled: boolean;
}

/** Whether n8n created an execution before a kill, and ran it after its next start. */
const ranAfterStart = ({ execution, at }: Arrival, kills: readonly Kill[]): boolean =>
  kills.some((kill) => kill.at < at && Number(execution) <= kill.lastExecution);
