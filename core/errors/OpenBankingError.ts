import { catalogue, type ErrorCode, type MessageDetails } from './catalogue';
import { visible } from '../lib/visible';
import { filledIn, type Stage } from './entry';

/**
 * The outcome of the request:
 * - `not-sent`: no request that could use up a code or a refresh token reached the bank;
 * - `refused`: the bank answered, and said no;
 * - `unknown`: it may have reached the bank, whose answer did not arrive or could not be used;
 * - `received`: the bank sent tokens, and a check of them failed.
 */
export type Outcome = 'not-sent' | 'refused' | 'unknown' | 'received';

/** Details of a failure besides its code and its message. */
interface Circumstances {
  /** The advice, if it differs from that of the catalogue. */
  description?: string;
  /** HTTP status of the answer, if there was one. */
  status?: number;
  /** Milliseconds of the pause that the bank asks for (`Retry-After`, RFC 9110 §10.2.3). */
  retryAfter?: number;
  /** Defaults to `not-sent` for the stage `configuration`, otherwise to `unknown`. */
  outcome?: Outcome;
}

/** A failure with a message that was made before, for example one that was stored. It contains no secret. */
interface OwnMessage extends Circumstances {
  message: string;
  problem?: undefined;
  values?: undefined;
}

/** Details of a failure besides its code. The values contain no secret. */
export type ErrorDetails<Code extends ErrorCode> =
  OwnMessage | (Circumstances & { message?: undefined } & MessageDetails<Code>);

/** {@link ErrorDetails} of any code. */
interface AnyDetails extends Circumstances {
  message?: string;
  problem?: string;
  values?: Readonly<Record<string, string | number>>;
}

/**
 * The one class of every failure of this package.
 *
 * It carries no `cause`: errors of TLS and HTTP libraries hold options with the private key and requests with tokens,
 * and n8n stores errors with the execution.
 *
 * The type parameter is for the constructor alone: the values that a message needs depend on the code.
 */
export class OpenBankingError<Code extends ErrorCode = ErrorCode> extends Error {
  /** Only a type: without it, `instanceof` would give `OpenBankingError<any>`. */
  declare static readonly [Symbol.hasInstance]: (value: unknown) => value is OpenBankingError;

  /** The kind of failure, see {@link catalogue}. */
  readonly code: ErrorCode;
  /** The stage in which it happened. */
  readonly stage: Stage;
  /** The advice: what to do next. */
  readonly description: string;
  /** HTTP status of the bank's answer, if there was one. */
  readonly status?: number;
  /** The outcome of the request. */
  readonly outcome: Outcome;
  /**
   * Milliseconds, from the answer on, of the pause that the bank asks for, only with status 429 or 503 (`Retry-After`, RFC 9110 §10.2.3).
   * At most five minutes, but for the stage `api`.
   */
  readonly retryAfter?: number;

  /** @param details the values for the message of the catalogue, or a message of its own */
  constructor(code: Code, details: ErrorDetails<Code>) {
    const { message, problem, values = {} }: AnyDetails = details;
    // Names come from users, and texts from banks: no character of them may change the line that it is in.
    super(visible(message ?? filledIn(catalogue[code].message, problem, values)));
    this.code = code;
    this.name = 'OpenBankingError';
    this.stage = catalogue[code].stage;
    this.description = visible(details.description ?? catalogue[code].advice);
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    this.outcome = details.outcome ?? (this.stage === 'configuration' ? 'not-sent' : 'unknown');
  }

  /** The message as a sentence. Words of a bank may already end with a full stop. */
  get sentence(): string {
    return /[.?!]$/.test(this.message) ? this.message : `${this.message}.`;
  }

  /** The message and the advice. */
  get text(): string {
    return `${this.sentence} ${this.description}`;
  }

  /** The same failure with other details, for example with more advice, or for another request than the one that failed. */
  with(change: Circumstances & { message?: string }): OpenBankingError {
    const { message, description, status, outcome, retryAfter } = this;
    const details = { message, description, status, outcome, retryAfter };
    return new OpenBankingError(this.code, { ...details, ...change });
  }
}
