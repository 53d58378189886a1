import { Slots } from '../../lib/slots';

/** Milliseconds between two tries to store tokens that could not be stored. */
export const SAVING_PAUSE = 250;

/** Maximum number of records that are stored at the same time. One that takes long must not hold up all others. */
const AT_ONCE = 8;

/** Stores tokens, unless newer ones are stored already. */
export type Save = () => Promise<unknown>;

/** Tokens that could not be stored. They wait in memory, and are stored as soon as the store can be written again. */
export class UnsavedRecords {
  readonly #unsaved = new Map<string, Save>();
  readonly #slots = new Slots(AT_ONCE);
  /** The names of records that are being stored, or wait for a slot. */
  readonly #underWay = new Set<string>();
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
      for (const name of this.#unsaved.keys()) {
        if (!this.#underWay.has(name)) void this.#tryToSave(name);
      }
    }, SAVING_PAUSE);
  }

  async #tryToSave(name: string): Promise<void> {
    this.#underWay.add(name);
    await this.#slots.use(() => this.save(name)).catch(() => undefined);
    this.#underWay.delete(name);
    if (this.#unsaved.size) this.#later();
  }
}
