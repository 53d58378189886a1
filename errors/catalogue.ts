import { codeErrors, descriptionErrors, gatewayErrors, statusErrors } from './bankErrors';
import { requestErrors, tlsErrors } from './connectionErrors';
import type { Entry } from './entry';
import { environmentErrors } from './environmentErrors';
import { fieldErrors } from './fieldErrors';
import { keyErrors } from './keyErrors';
import { redirectErrors } from './redirectErrors';
import { responseErrors } from './responseErrors';
import { storeErrors } from './storeErrors';

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
