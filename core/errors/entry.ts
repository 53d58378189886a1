/** The stage of a failure, on the way from the credential to the answer. */
export type Stage =
  'configuration' | 'tls' | 'request' | 'authorization-server' | 'response' | 'store' | 'api';

/** A row of the catalogue, without its stage. */
export interface Row {
  /** Codes of WSO2's API gateway that show it. */
  readonly gatewayCodes?: readonly string[];
  /** Codes in other dialects that show it, in capitals: those of the Berlin Group. */
  readonly dialectCodes?: readonly string[];
  /** Values of `error` in an OAuth response that show it, if the description is not known. */
  readonly oauthErrors?: readonly string[];
  /** Other signs of it, in Markdown. */
  readonly recognized?: string;
  /**
   * The message: one sentence without its full stop. If a code has several problems, there is a sentence for each, by the name of the
   * problem. The code that makes the error gives the name, and a value for each place `<name>`.
   */
  readonly message: string | Readonly<Record<string, string>>;
  /** The advice: what to do next. */
  readonly advice: string;
}

/** A row of the catalogue. */
export interface Entry extends Row {
  readonly stage: Stage;
}

/** The rows of one stage, by code. */
export function rowsOf<const Rows extends Record<string, Row>>(
  stage: Stage,
  rows: Rows,
): { readonly [Code in keyof Rows]: Rows[Code] & { readonly stage: Stage } } {
  const entries = Object.entries(rows).map(([code, row]) => [code, { ...row, stage }]);
  return Object.fromEntries(entries) as { [Code in keyof Rows]: Rows[Code] & { stage: Stage } };
}

/** The names of the places `<name>` in a message. */
export type PlaceOf<Message extends string> =
  Message extends `${string}<${infer Name}>${infer Rest}` ? Name | PlaceOf<Rest> : never;

/** The sentences of a message. */
export function sentencesOf(message: Row['message']): readonly string[] {
  return typeof message === 'string' ? [message] : Object.values(message);
}

/**
 * A message with its places filled in. A place without a value stays as it is.
 *
 * @param problem the name of the sentence, if there are several
 */
export function filledIn(
  message: Row['message'],
  problem: string | undefined,
  values: Readonly<Record<string, string | number>>,
): string {
  const sentence = typeof message === 'string' ? message : message[problem!]!;
  return sentence.replace(/<(\w+)>/g, (place, name: string) => String(values[name] ?? place));
}
