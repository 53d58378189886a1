import { catalogue, type ErrorCode } from '../../core/errors/catalogue';
import type { Entry } from '../../core/errors/entry';
import type { OpenBankingError } from '../../core/errors/OpenBankingError';

/** What a failure says, as an error or as an item that the node puts out. */
export type Failure = Pick<OpenBankingError, 'code' | 'stage' | 'message' | 'description'>;

/** Brings a failure about for real, and gives it. */
export type Provocation = () => Promise<Failure>;

/** One for each code of some rows of the catalogue: a code without one does not compile. */
export type Provocations<Rows> = Record<keyof Rows & ErrorCode, Provocation>;

/** Runs each provocation, and compares the failure with its row of the catalogue. */
export function provokeEach<Rows extends Record<string, Entry>>(
  provocations: Provocations<Rows>,
): void {
  const cases = Object.entries<Provocation>(provocations) as [ErrorCode, Provocation][];
  it.each(cases)('%s', async (code, provoke) => {
    const error = await provoke();
    const { stage, message, advice } = catalogue[code];
    expect(error).toMatchObject({ code, stage });
    expect(error.message).toMatch(patternOf(message));
    expect(advice).not.toBe('');
    expect(error.description).not.toBe('');
  });
}

/** The message of a row, with anything in place of `<…>`. */
function patternOf(message: string): RegExp {
  const parts = message
    .split(/<[^<>]+>/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
