/**
 * A demonstration that cannot go on for a reason that the person in front of it can do something about.
 *
 * The message is one sentence, or two: what happened, and what to do. It is printed without a stack.
 */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
