/** Ends what `globalSetup.ts` has started. */
export default function endRun(): Promise<void> {
  return (globalThis as unknown as { endTestRun: () => Promise<void> }).endTestRun();
}
