import { setMaxListeners } from 'node:events';

/** The cancellation of an execution or of a part of it, for work of which much begins and ends. It listens to the signal once. */
export class Cancellation {
  readonly #ends = new Set<() => void>();

  /** @param signal if it is not given, nothing is cancelled */
  constructor(readonly signal?: AbortSignal) {
    if (!signal) return;
    // An execution may have a thousand consents, and each listens. Node.js would take eleven listeners for a leak.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', () => [...this.#ends].forEach((end) => end()), { once: true });
  }

  /** Whether it has happened. */
  get hasHappened(): boolean {
    return this.signal?.aborted === true;
  }

  /** Calls a function when it happens. */
  add(end: () => void): void {
    if (this.signal) this.#ends.add(end);
  }

  /** Forgets a function. */
  remove(end: () => void): void {
    this.#ends.delete(end);
  }
}
