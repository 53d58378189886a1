/** Waits until something is so, or for at most so many milliseconds: what is asserted then tells what it was instead. */
export async function until(condition: () => boolean, limit: number): Promise<void> {
  for (const end = Date.now() + limit; !condition() && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
