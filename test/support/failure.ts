import { inspect } from 'node:util';
import { OpenBankingError } from '../../core/errors/OpenBankingError';

/** The error of a call. */
export async function failureOf(call: Promise<unknown>): Promise<OpenBankingError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined) throw new Error('The call was expected to fail');
  expect(failure).toBeInstanceOf(OpenBankingError);
  return failure as OpenBankingError;
}

/** All text of an error that n8n may store, log or show. */
export function everythingOf(error: unknown): string {
  const { message, description, stack } = error as Error & { description?: string };
  return [
    message,
    description,
    stack,
    JSON.stringify(error),
    inspect(error, { depth: 9, showHidden: true, maxStringLength: null }),
  ].join('\n');
}

/** Fails if an error contains a secret, or a part of one. */
export function expectNoSecret(error: unknown, secrets: string[]): void {
  const everything = everythingOf(error);
  const pieces = secrets.flatMap((secret) =>
    // Each line of a PEM is a part.
    secret.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
  );
  expect(pieces.length).toBeGreaterThan(0);
  for (const piece of pieces) expect(everything).not.toContain(piece);
}
