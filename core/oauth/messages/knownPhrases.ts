import {
  codeErrors,
  descriptionErrors,
  gatewayErrors,
  statusErrors,
} from '../../errors/rows/bankErrors';
import type { ErrorCode } from '../../errors/catalogue';
import type { Row } from '../../errors/entry';
import { wildcardSource } from '../../lib/wildcard';

/** The rows of the catalogue for phrases and codes of banks. The first row with a phrase that matches is used. */
const rows = Object.entries<Row>({
  ...descriptionErrors,
  ...gatewayErrors,
  ...codeErrors,
  ...statusErrors,
}) as [ErrorCode, Row][];

const patterns = rows.flatMap(([code, { phrases = [] }]) =>
  phrases.map((phrase) => ({ code, pattern: patternOf(phrase) })),
);
const gatewayCodes = new Map(
  rows.flatMap(([code, row]) => (row.gatewayCodes ?? []).map((sign) => [sign, code])),
);
const dialectCodes = new Map(
  rows.flatMap(([code, row]) => (row.dialectCodes ?? []).map((sign) => [sign, code])),
);
const oauthErrors = new Map(
  rows.flatMap(([code, row]) => (row.oauthErrors ?? []).map((sign) => [sign, code])),
);

/** The pattern of a phrase: `*` matches any text, and case does not matter. */
function patternOf(phrase: string): RegExp {
  return new RegExp(wildcardSource(phrase), 'i');
}

/**
 * The error code for an OAuth error. If `error` reports a fault of the server, it decides. Otherwise the description decides if it is
 * known, and `error` if it is not. If `error` says nothing particular either, codes in the description decide.
 *
 * @param error of RFC 6749 §5.2 or §4.1.2.1
 * @param description at most 500 characters
 * @param codes further codes of the answer
 */
export function meaningOf(
  error: string,
  description: string,
  codes: readonly string[] = [],
): ErrorCode {
  const named = oauthErrors.get(error);
  if (named === 'server-error' || named === 'too-many-requests') return named;
  const isParticular = named !== undefined && named !== 'bank-refused';
  return (
    meaningOfDescription(description) ??
    (isParticular ? named : undefined) ??
    meaningOfCode([error, ...codes]) ??
    'bank-refused'
  );
}

/** The error code for codes of any dialect; `undefined` if none is known, or none says more than that the request was refused. */
export function meaningOfCode(codes: readonly string[]): ErrorCode | undefined {
  return codes
    .map((code) => dialectCodes.get(code.toUpperCase()) ?? oauthErrors.get(code.toLowerCase()))
    .find((code) => code !== undefined && code !== 'bank-refused');
}

/** The error code for a description; `undefined` if it is not known. @param description at most 500 characters */
export function meaningOfDescription(description: string): ErrorCode | undefined {
  return patterns.find(({ pattern }) => pattern.test(description))?.code;
}

/** The error code for a code of WSO2's API gateway. */
export function meaningOfGatewayCode(code: string): ErrorCode {
  return gatewayCodes.get(code) ?? 'gateway-refused';
}
