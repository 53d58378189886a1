/** Waits until a condition is true, or for at most so many milliseconds; an assertion after it then shows the actual value. */
export async function until(condition: () => boolean, limit: number): Promise<void> {
  for (const end = Date.now() + limit; !condition() && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until a condition that takes a while to find out is true, or for at most so many milliseconds. */
export async function untilTrue(condition: () => Promise<boolean>, limit: number): Promise<void> {
  for (const end = Date.now() + limit; !(await condition()) && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
