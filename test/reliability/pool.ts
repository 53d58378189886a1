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
