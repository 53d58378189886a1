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
};

/** The stable name of a kind of failure. Workflows branch on it. */
export type ErrorCode = keyof typeof rows;

/**
 * Every kind of failure of this package, in the order of the stages.
 * `docs/errors.md` is made from it.
 */
export const catalogue: Readonly<Record<ErrorCode, Entry>> = rows;

/** The values for the places in the message of a code. If the code is one of several, those of any of them. */
export type MessageValues<Code extends ErrorCode> = Code extends ErrorCode
  ? Readonly<Record<PlaceOf<(typeof rows)[Code]['message']>, string | number>>
  : never;
