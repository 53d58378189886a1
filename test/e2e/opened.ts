import { endAll } from '../../demo/processes';

/** Closing functions, called in reverse order. A global list, so that a start that fails half-way is closed, too. */
const closing: (() => unknown)[] = [];

/** Waits until a part of the set-up is open. {@link closeAll} closes it. */
export async function opening<Part>(
  open: Part | Promise<Part>,
  close: (part: Part) => unknown,
): Promise<Part> {
  const part = await open;
  closing.push(() => close(part));
  return part;
}

/** Closes everything that was opened, the last part first, and ends all processes. Throws the first failure at the end. */
export async function closeAll(): Promise<void> {
  try {
    await closeOpened();
  } finally {
    // Processes that were running when the start failed, such as an import.
    await endAll();
  }
}

/** Closes everything that was opened, the last part first. Throws the first failure at the end. */
export async function closeOpened(): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
