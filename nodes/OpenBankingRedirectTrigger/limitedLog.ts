import { LeastRecentlyUsed } from '../../core/lib/leastRecentlyUsed';
import { MINUTE } from '../../core/lib/time';
import { callLater, type Cancel } from '../../core/lib/timer';
import { visible } from '../../core/lib/visible';

/** Writes a line. */
type Write = (line: string) => void;

/** Maximum number of lines of each kind that are written in a minute. */
const MAXIMUM = 3;

/** Maximum number of characters of a line. */
const LONGEST = 1000;

/** Maximum number of triggers whose lines are counted. */
const TRIGGERS = 1000;

/**
 * The warnings of the triggers. Anybody can send forged redirects, so only the first ones of each kind are written, and a minute after the
 * first a line with the number of the others.
 */
export class LimitedLog {
  readonly #minutes = new LeastRecentlyUsed<Minute>(TRIGGERS, (minute) => minute.end());

  /** @param milliseconds after which the others are counted up, and the first ones are written again */
  constructor(private readonly milliseconds = MINUTE) {}

  /**
   * Writes a warning, or counts it.
   *
   * @param trigger identifies the trigger
   * @param kind a short name. There must be few kinds
   * @param line without secrets
   */
  warn(trigger: string, kind: string, line: string, write: Write): void {
    const minute = this.#minutes.obtain(trigger, () => {
      const begun: Minute = new Minute(write, this.milliseconds, () => {
        this.#minutes.delete(trigger, begun);
      });
      return begun;
    });
    if (minute.add(kind)) write(visible(line).slice(0, LONGEST));
  }
}

/** The warnings of a trigger in one minute. */
class Minute {
  readonly #counts = new Map<string, number>();
  readonly #cancelEnd: Cancel;

  constructor(
    private readonly write: Write,
    milliseconds: number,
    private readonly onEnd: () => void,
  ) {
    this.#cancelEnd = callLater(milliseconds, () => this.end());
  }

  /** Counts a line. @returns whether it is one of the first */
  add(kind: string): boolean {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return count <= MAXIMUM;
  }

  end(): void {
    this.#cancelEnd();
    this.onEnd();
    const left = [...this.#counts]
      .filter(([, count]) => count > MAXIMUM)
      .map(([kind, count]) => `${count - MAXIMUM} × ${kind}`);
    if (left.length > 0) {
      this.write(`Further warnings of this trigger in the last minute: ${left.join(', ')}`);
    }
  }
}
