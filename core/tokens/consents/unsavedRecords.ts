/** Milliseconds between two tries to store what could not be stored. */
export const SAVING_PAUSE = 250;

/** Stores tokens, unless something newer is there. */
export type Save = () => Promise<unknown>;

/** Tokens that could not be stored: they are kept in memory, and stored as soon as the store can be written again. */
export class UnsavedRecords {
  readonly #unsaved = new Map<string, Save>();
  #timer: NodeJS.Timeout | undefined;

  add(name: string, save: Save): void {
    this.#unsaved.set(name, save);
    this.#later();
  }

  /** Stores those of one record now, if there are any. @throws OpenBankingError where the store still cannot be written */
  async save(name: string): Promise<void> {
    const save = this.#unsaved.get(name);
    if (!save) return;
    await save();
    if (this.#unsaved.get(name) === save) this.#unsaved.delete(name);
  }

  forget(name: string): void {
    this.#unsaved.delete(name);
  }

  /** The timer keeps the process alive: to end now would lose them. */
  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#saveAll();
    }, SAVING_PAUSE);
  }

  async #saveAll(): Promise<void> {
    for (const name of [...this.#unsaved.keys()]) await this.save(name).catch(() => undefined);
    if (this.#unsaved.size) this.#later();
  }
}
