/** The least of some numbers; `Infinity` if there is none. A list may be too long for the arguments of `Math.min`. */
export function leastOf(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other), Infinity);
}

/** The greatest of some numbers; `-Infinity` if there is none. A list may be too long for the arguments of `Math.max`. */
export function greatestOf(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), -Infinity);
}
