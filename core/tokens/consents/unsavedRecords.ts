/** Milliseconds between two tries to store tokens that could not be stored. */
export const SAVING_PAUSE = 250;

/** Stores tokens, unless newer ones are stored already. */
export type Save = () => Promise<unknown>;

/** Tokens that could not be stored. They wait in memory, and are stored as soon as the store can be written again. */
export class UnsavedRecords {
  readonly #unsaved = new Map<string, Save>();
  #timer: NodeJS.Timeout | undefined;

  /** Adds the tokens of a record, in place of earlier ones. */
  add(name: string, save: Save): void {
    this.#unsaved.set(name, save);
    this.#later();
  }

  /** Stores the tokens of one record now, if there are any. @throws OpenBankingError if the store still cannot be written */
  async save(name: string): Promise<void> {
    const save = this.#unsaved.get(name);
    if (!save) return;
    await save();
    if (this.#unsaved.get(name) === save) this.#unsaved.delete(name);
  }

  /** Drops the tokens of a record. */
  forget(name: string): void {
    this.#unsaved.delete(name);
  }

  /** Tries again after a pause. The timer keeps the process alive, because the tokens are lost when it ends. */
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
