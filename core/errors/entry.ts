/** Where in the walk from the credential to the answer a failure happened. */
export type Stage =
  'configuration' | 'tls' | 'request' | 'authorization-server' | 'response' | 'store';

/** A row of the catalogue. */
export interface Entry {
  readonly stage: Stage;
  /** How it is recognised: what this package looks at. Bank's words and codes of libraries stand in backticks. */
  readonly recognised: string;
  /** What happened, in one sentence; `<…>` stands for what differs from one time to the next. */
  readonly message: string;
  /** What to do next, in plain words. */
  readonly advice: string;
}

/** A row, without its stage. */
export type Row = readonly [recognised: string, message: string, advice: string];

/** The rows of one stage, by code. */
export function rowsOf<Code extends string>(
  stage: Stage,
  rows: Record<Code, Row>,
): Record<Code, Entry> {
  const entries = Object.entries<Row>(rows).map(([code, [recognised, message, advice]]) => [
    code,
    { stage, recognised, message, advice },
  ]);
  return Object.fromEntries(entries) as Record<Code, Entry>;
}
