import { codeErrors, descriptionErrors, gatewayErrors, statusErrors } from './rows/bankErrors';
import { requestErrors, tlsErrors } from './rows/connectionErrors';
import type { Entry } from './entry';
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

/** The code of a failure. Workflows branch on it: codes are added to, never renamed. */
export type ErrorCode = keyof typeof rows;

/**
 * Every failure that this package tells apart, in the order of the walk from the credential to the answer.
 * `docs/errors.md` shows the same table.
 */
export const catalogue: Readonly<Record<ErrorCode, Entry>> = rows;
