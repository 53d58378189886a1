import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Schema } from '../schema';
import type { Values } from '../sqlStore';
import type { StatementName } from '../statements';

/** The values that the thread of a file is started with. */
export interface ThreadData {
  readonly path: string;
  readonly schema: Schema;
  /** SQL for the store's clock in milliseconds. */
  readonly clock: string;
}

/** A statement that the thread carries out. */
export interface Statement {
  readonly name: StatementName;
  readonly values: Values;
}

/** A message to the thread: statements that it carries out together, or `close` to close the file and end. */
export type Order = readonly Statement[] | 'close';

/** The result of a statement. */
export type Result = { readonly rows: readonly unknown[] } | Failure;

/** The failure of a statement. It changed nothing. */
export interface Failure {
  readonly error: PlainError;
  /** Whether another program has locked the file, so that another try may succeed. */
  readonly isBusy: boolean;
}

/** A message of the thread: the results of some statements of its order, each with the statement's place in the order. */
export type Results = readonly (readonly [place: number, result: Result])[];

/** An {@link OpenBankingError} as plain data, because messages between threads carry no classes. */
export type PlainError = Pick<OpenBankingError, 'code' | 'message' | 'description' | 'outcome'>;

/** The plain data of an error. */
export function toPlain({ code, message, description, outcome }: OpenBankingError): PlainError {
  return { code, message, description, outcome };
}

/** The error of plain data. */
export function fromPlain({ code, ...details }: PlainError): OpenBankingError {
  return new OpenBankingError(code, details);
}
