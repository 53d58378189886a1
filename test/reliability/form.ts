/** Whether the quick form runs, a part of the long form. */
export const isQuick = process.env.OPEN_BANKING_RELIABILITY === 'quick';

/** Every so many-th element; all of them in the long form. */
export function sample<Element>(
  all: readonly Element[],
  every: number,
  isAlwaysIn: (element: Element) => boolean = () => false,
): Element[] {
  return all.filter((element, index) => !isQuick || index % every === 0 || isAlwaysIn(element));
}
