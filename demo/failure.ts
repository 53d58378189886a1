/**
 * A failure that the person who runs the demonstration can fix.
 *
 * Its message says in one or two sentences what happened and what to do. It is printed without a stack trace.
 */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
