/** Does something with each element, so many at once. */
export async function forEachAtOnce<Element>(
  atOnce: number,
  elements: readonly Element[],
  act: (element: Element) => Promise<void>,
): Promise<void> {
  const left = elements.values();
  const worker = async () => {
    for (const element of left) await act(element);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The results for each element, in its order, so many at once. */
export async function mapAtOnce<Element, Result>(
  atOnce: number,
  elements: readonly Element[],
  act: (element: Element) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await forEachAtOnce(atOnce, [...elements.entries()], async ([index, element]) => {
    results[index] = await act(element);
  });
  return results;
}
