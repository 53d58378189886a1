import { catalogue, type ErrorCode } from '../../core/errors/catalogue';
import { sentencesOf, type Entry } from '../../core/errors/entry';
import type { OpenBankingError } from '../../core/errors/OpenBankingError';

/** A failure, as an error or as an item in the output of the node. */
export type Failure = Pick<OpenBankingError, 'code' | 'stage' | 'message' | 'description'>;

/** Causes a failure for real, and returns it. */
export type Provocation = () => Promise<Failure>;

/** Provocations for each code of some rows of the catalogue, one or several with names. A code without one does not compile. */
export type Provocations<Rows> = Record<
  keyof Rows & ErrorCode,
  Provocation | Readonly<Record<string, Provocation>>
>;

/** Runs each provocation, and compares the failure with its row of the catalogue. */
export function provokeEach<Rows extends Record<string, Entry>>(
  provocations: Provocations<Rows>,
): void {
  const cases = Object.entries<Provocation | Readonly<Record<string, Provocation>>>(
    provocations,
  ).flatMap(([code, given]) => {
    const named = typeof given === 'function' ? { '': given } : given;
    return Object.entries(named).map(
      ([name, provoke]) => [[code, name].filter(Boolean).join(': '), code, provoke] as const,
    );
  }) as [title: string, code: ErrorCode, provoke: Provocation][];
  it.each(cases)('%s', async (_, code, provoke) => {
    const error = await provoke();
    const { stage, message, advice } = catalogue[code];
    expect(error).toMatchObject({ code, stage });
    expect(error.message).toMatch(patternOf(message));
    expect(error.message).not.toMatch(/<\w+>/);
    expect(advice).not.toBe('');
    expect(error.description).not.toBe('');
  });
}

/** The sentences of a row as a pattern, with anything in their places. */
function patternOf(message: Entry['message']): RegExp {
  const sentences = sentencesOf(message).map((sentence) => {
    const parts = sentence.split(/<\w+>/);
    return parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  });
  return new RegExp(`^(?:${sentences.join('|')})$`, 's');
}
