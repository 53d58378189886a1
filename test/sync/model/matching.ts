/** Gives each element of the left side to one of the right side, as far as possible. */
export class Matching {
  /** The elements of the left side that each element of the right side has. */
  readonly given = new Map<number, number[]>();

  /** @param choices for each element of the left side, the elements of the right side that may have it */
  constructor(readonly choices: readonly (readonly number[])[]) {}

  /**
   * Gives what is not given yet.
   *
   * @param room how many an element of the right side may have
   * @returns the elements of the left side that nobody can have
   */
  give(left: readonly number[], room: (right: number) => number): number[] {
    return left.filter((one) => !this.#place(one, room, new Set()));
  }

  #place(one: number, room: (right: number) => number, visited: Set<number>): boolean {
    for (const right of this.choices[one]!) {
      if (visited.has(right)) continue;
      visited.add(right);
      const held = this.given.get(right) ?? [];
      if (held.length < room(right)) {
        this.given.set(right, [...held, one]);
        return true;
      }
      const moved = held.find((other) => this.#place(other, room, visited));
      if (moved !== undefined) {
        const now = this.given.get(right)!;
        this.given.set(right, [...now.filter((other) => other !== moved), one]);
        return true;
      }
    }
    return false;
  }
}
