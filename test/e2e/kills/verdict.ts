import type { Arrival } from './arrivals';

/** What the store knew when the process of the trigger was dead. */
export interface Kill {
  /** When, by the clock of the arrivals. */
  at: number;
  /** By workflow: the keys of transactions that it does not get again. */
  settled: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What became of the transactions of a workflow. Each list has the keys of transactions. */
export interface Verdict {
  /** Transactions that came to the end of an execution, or were marked as processed. */
  received: number;
  /** Transactions of the bank that are not among them. */
  lost: string[];
  /** Arrivals of a transaction that had arrived before. */
  repeated: number;
  /** Those of them after an execution with the transaction had come to its end, or after the store had it as processed. */
  afterSuccess: string[];
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
  const isSettledBefore = ({ key, at }: Arrival) => (settledAt.get(key) ?? Infinity) < at;
  const done = new Set(own.flatMap((arrival) => (arrival.done === null ? [] : [arrival.key])));
  const unnoted = new Set(
    own.flatMap(({ key, marking }) =>
      marking !== null && !done.has(key) && settledAt.has(key) ? [key] : [],
    ),
  );
  const earlier = own.map((arrival, index) =>
    own.slice(0, index).filter(({ key }) => key === arrival.key),
  );
  const repeated = own.filter((_, index) => earlier[index]!.length > 0);
  const ended = own.map((arrival, index) =>
    earlier[index]!.filter((one) => one.done !== null && one.done < arrival.at),
  );
  const afterSuccess = own.filter(
    (arrival, index) => ended[index]!.length > 0 || isSettledBefore(arrival),
  );
  const wrong = own.filter((arrival, index) => {
    const last = ended[index]!.at(-1);
    const wasKilled = last && kills.some(({ at }) => last.at < at && at < arrival.at);
    return isSettledBefore(arrival) || (last !== undefined && !wasKilled);
  });
  const known = new Set(booked);
  return {
    received: done.size + unnoted.size,
    lost: booked.filter((key) => !done.has(key) && !unnoted.has(key)),
    repeated: repeated.length,
    afterSuccess: afterSuccess.map(keyOf),
    wrong: wrong.map(keyOf),
    unnoted: [...unnoted],
    unknown: [...new Set(own.map(keyOf))].filter((key) => !known.has(key)),
  };
}

const keyOf = ({ key }: Arrival) => key;
