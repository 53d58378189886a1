/** A failure that the person who runs the benchmark can fix. It is printed without a stack trace. */
export class BenchFailure extends Error {
  override readonly name = 'BenchFailure';
}
