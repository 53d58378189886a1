/** A measured figure over the rounds of a run. */
export interface Distribution {
  median: number;
  /** First quartile. */
  low: number;
  /** Third quartile. */
  high: number;
  rounds: number;
}

/** Median and quartiles of the values of the rounds, interpolated linearly. */
export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = sorted[Math.floor(position)] ?? NaN;
    const above = sorted[Math.ceil(position)] ?? NaN;
    return below + (above - below) * (position - Math.floor(position));
  };
  return {
    median: quantile(0.5),
    low: quantile(0.25),
    high: quantile(0.75),
    rounds: sorted.length,
  };
}

/**
 * Divides values round by round. Other work on the machine in a round slows both values, so it changes their ratio little.
 *
 * @throws Error if the numbers of rounds differ
 */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  if (numerators.length !== denominators.length) {
    throw new Error(`${numerators.length} rounds cannot be compared with ${denominators.length}`);
  }
  return numerators.map((numerator, round) => numerator / (denominators[round] ?? NaN));
}
