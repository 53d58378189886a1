import type { codeErrors, descriptionErrors } from '../rows/bankErrors';

/** A code that words of a bank lead to. */
export type WordsCode = keyof typeof descriptionErrors | keyof typeof codeErrors;

/** Words with which a server refuses, and what they mean. */
export interface ServerWords {
  /** A part of `error_description`, in any case; `*` stands for anything. */
  readonly phrase: string;
  /** `error` beside it, if the words mean something else beside another one. */
  readonly error?: string;
  readonly code: WordsCode;
  /** The public text that has the words. */
  readonly source: string;
}

/** The words of a server, by the code that they lead to. */
type Meanings = Partial<
  Record<WordsCode, readonly (string | readonly [error: string, phrase: string])[]>
>;

/** The rows of a server that one public text has. */
export function wordsIn(source: string, meanings: Meanings): readonly ServerWords[] {
  return Object.entries(meanings).flatMap(([code, phrases]) =>
    phrases.map((given): ServerWords => {
      const [error, phrase] = typeof given === 'string' ? [undefined, given] : given;
      return { phrase, ...(error !== undefined && { error }), code: code as WordsCode, source };
    }),
  );
}
