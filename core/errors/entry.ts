/** The stage of a failure, on the way from the credential to the answer. */
export type Stage =
  'configuration' | 'tls' | 'request' | 'authorization-server' | 'response' | 'store';

/** A row of the catalogue, without its stage. */
export interface Row {
  /** Words of a bank that show the failure, whatever their case; `*` stands for anything. */
  readonly phrases?: readonly string[];
  /** Codes of WSO2's API gateway that show it. */
  readonly gatewayCodes?: readonly string[];
  /** Values of `error` in an OAuth response that show it, if the description is not known. */
  readonly oauthErrors?: readonly string[];
  /** Other signs of it, in Markdown. */
  readonly recognised?: string;
  /** The message: one sentence without its full stop. The code that makes the error fills in each place `<name>`. */
  readonly message: string;
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
): { readonly [Code in keyof Rows]: Rows[Code] & Entry } {
  const entries = Object.entries(rows).map(([code, row]) => [code, { ...row, stage }]);
  return Object.fromEntries(entries) as { [Code in keyof Rows]: Rows[Code] & Entry };
}

/** The names of the places `<name>` in a message. */
export type PlaceOf<Message extends string> =
  Message extends `${string}<${infer Name}>${infer Rest}` ? Name | PlaceOf<Rest> : never;

/** A message with its places filled in. A place without a value stays as it is. */
export function filledIn(message: string, values: Record<string, string | number>): string {
  return message.replace(/<(\w+)>/g, (place, name: string) => String(values[name] ?? place));
}
