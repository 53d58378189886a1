import { apiErrors } from './rows/apiErrors';
import { codeErrors, descriptionErrors, gatewayErrors, statusErrors } from './rows/bankErrors';
import { requestErrors, tlsErrors } from './rows/connectionErrors';
import type { Entry, PlaceOf } from './entry';
import { environmentErrors } from './rows/environmentErrors';
import { fieldErrors } from './rows/fieldErrors';
import { keyErrors } from './rows/keyErrors';
import { redirectErrors } from './rows/redirectErrors';
import { responseErrors } from './rows/responseErrors';
import { storeErrors } from './rows/storeErrors';

const rows = {
  ...environmentErrors,
  ...fieldErrors,
  ...keyErrors,
  ...tlsErrors,
  ...requestErrors,
  ...descriptionErrors,
  ...codeErrors,
  ...gatewayErrors,
  ...statusErrors,
  ...redirectErrors,
  ...responseErrors,
  ...storeErrors,
  ...apiErrors,
};

/** The stable name of a kind of failure. Workflows branch on it. */
export type ErrorCode = keyof typeof rows;

/**
 * Every kind of failure of this package, in the order of the stages.
 * `docs/errors.md` is made from it.
 */
export const catalogue: Readonly<Record<ErrorCode, Entry>> = rows;

/** The sentence or sentences of a code. */
type Message<Code extends ErrorCode> = (typeof rows)[Code]['message'];

/** The names of the problems of a code that has several; `never` if it has one sentence. */
export type ProblemOf<Code extends ErrorCode> = Code extends ErrorCode
  ? Message<Code> extends string
    ? never
    : keyof Message<Code> & string
  : never;

/** The values for the places in a sentence, except for the places `Given`. */
type Values<Sentence, Given extends string> = [Place<Sentence, Given>] extends [never]
  ? { values?: undefined }
  : { values: Readonly<Record<Place<Sentence, Given>, string | number>> };

type Place<Sentence, Given extends string> = Exclude<PlaceOf<Sentence & string>, Given>;

/**
 * The details for the message of an error: the name of the problem, if the code has several messages, and the values. If the code is
 * one of several, the details are those of any of them.
 *
 * @template Given places whose values are given elsewhere
 */
export type MessageDetails<
  Code extends ErrorCode,
  Given extends string = never,
> = Code extends ErrorCode
  ? Message<Code> extends string
    ? { problem?: undefined } & Values<Message<Code>, Given>
    : {
        [Problem in keyof Message<Code>]: { problem: Problem } & Values<
          Message<Code>[Problem],
          Given
        >;
      }[keyof Message<Code>]
  : never;
