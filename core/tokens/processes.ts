import { setTimeout } from 'node:timers/promises';
import { isGone } from '../lib/thisProcess';
import type { MemoryStore } from '../store/memories';
import { BEAT_PAUSE, type Heart } from './consents/heart';

/** Milliseconds without a heartbeat after which a process of another host counts as ended. Its event loop may stand still for a while. */
const SILENCE = 60_000;

/** Milliseconds between the two looks after which a silent process counts as ended. */
const LOOK_PAUSE = 3 * BEAT_PAUSE;

/** The processes that use a store: whether one of them has ended. */
export class Processes {
  /** IDs of what this process has begun and not ended. */
  readonly #underWay = new Set<string>();

  /**
   * @param isGoneHere whether a process of this host has ended for certain, see `isGone`
   * @param lookPause milliseconds between the two looks after which a silent process counts as ended
   */
  constructor(
    private readonly heart: Heart,
    private readonly store: Pick<MemoryStore, 'beatAge'>,
    private readonly isGoneHere = isGone,
    private readonly lookPause = LOOK_PAUSE,
  ) {}

  /** The name of this process, see `thisProcess`. */
  get own(): string {
    return this.heart.process;
  }

  /** Does work during which other processes see that this one lives. */
  while<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.heart.while(work);
  }

  /** Something of this process begins that other objects of it have to know of. */
  begin(id: string): void {
    this.#underWay.add(id);
  }

  /** It has ended. */
  end(id: string): void {
    this.#underWay.delete(id);
  }

  /** Whether something of this process has begun and not ended. */
  isUnderWay(id: string): boolean {
    return this.#underWay.has(id);
  }

  /** Whether a process has ended. @throws OpenBankingError those of the store */
  async hasEnded(process: string): Promise<boolean> {
    if (process === this.own) return false;
    if (this.isGoneHere(process)) return true;
    if (!(await this.#isSilent(process))) return false;
    // The clock of the store may have jumped: a living process beats meanwhile.
    await setTimeout(this.lookPause);
    return this.#isSilent(process);
  }

  async #isSilent(process: string): Promise<boolean> {
    const age = await this.store.beatAge(process);
    return age === undefined || age > SILENCE;
  }
}
