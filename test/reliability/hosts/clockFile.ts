import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A clock that processes share, see movedClock.cjs. A test moves it at any time. */
export class ClockFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'open-banking-clock-'));
  readonly path = join(this.#folder, 'clock');

  /** @param seconds by which it is ahead of the clock of this machine; negative if it is behind */
  constructor(seconds = 0) {
    this.set(seconds);
  }

  /** Sets the clock. @param seconds by which it is ahead */
  set(seconds: number): void {
    // Always as long, over the former value, so that no reader sees an empty file.
    const flag = existsSync(this.path) ? 'r+' : 'w';
    writeFileSync(this.path, String(seconds * 1000).padStart(16), { flag });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
