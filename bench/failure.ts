/** A benchmark that cannot go on for a reason that the person in front of it can do something about: printed without a stack. */
export class BenchFailure extends Error {
  override readonly name = 'BenchFailure';
}
