import type { Distribution } from './statistics';

/** A figure as text: the median, and in brackets the middle half of the rounds. */
export function spread({ median, low, high }: Distribution, decimals = 0): string {
  return `${median.toFixed(decimals)} (${low.toFixed(decimals)}–${high.toFixed(decimals)})`;
}

/** A ratio as text, with three digits. */
export function digits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
