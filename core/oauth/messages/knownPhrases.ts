import {
  codeErrors,
  descriptionErrors,
  gatewayErrors,
  statusErrors,
} from '../../errors/rows/bankErrors';
import type { ErrorCode } from '../../errors/catalogue';
import type { Row } from '../../errors/entry';
import { serverWords } from '../../errors/words/serverWords';
import { wildcardSource } from '../../lib/wildcard';

/** The rows of the catalogue for phrases and codes of banks. The first row with a phrase that matches is used. */
const rows = Object.entries<Row>({
  ...descriptionErrors,
  ...gatewayErrors,
  ...codeErrors,
  ...statusErrors,
}) as [ErrorCode, Row][];

const patterns = serverWords.map(({ phrase, ...words }) => ({
  ...words,
  pattern: patternOf(phrase),
}));
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

/** The parts of an OAuth error that decide about its meaning. */
export interface OauthWords {
  /** `error` of RFC 6749 §5.2 or §4.1.2.1. */
  readonly error: string;
  /** At most 500 characters. */
  readonly description: string;
  /** Further codes of the answer. */
  readonly codes?: readonly string[];
  /** HTTP status; `undefined` in a redirect. */
  readonly status?: number;
}

/**
 * The error code for an OAuth error. If `error` reports a fault of the server, it decides. Otherwise the description decides if it is
 * known, and `error` if it is not. If `error` says nothing particular either, codes in the description decide.
 *
 * With status 401 the bank did not accept the client (RFC 6749 §5.2), unless `error` is about the grant, the scope or the customer.
 */
export function meaningOf({ error, description, codes = [], status }: OauthWords): ErrorCode {
  const named = oauthErrors.get(error);
  if (named === 'server-error' || named === 'too-many-requests') return named;
  const isOfClient = status === 401;
  const saysNothing = named === 'bank-refused' || (isOfClient && named === 'unauthorized-client');
  return (
    meaningOfDescription(description, error) ??
    (saysNothing ? undefined : named) ??
    meaningOfCode(named === undefined ? [error, ...codes] : codes) ??
    (isOfClient ? 'invalid-client' : 'bank-refused')
  );
}

/** The error code for codes of any dialect; `undefined` if none is known, or none says more than that the request was refused. */
export function meaningOfCode(codes: readonly string[]): ErrorCode | undefined {
  return codes
    .map((code) => dialectCodes.get(code.toUpperCase()) ?? oauthErrors.get(code.toLowerCase()))
    .find((code) => code !== undefined && code !== 'bank-refused');
}

/**
 * The error code for a description; `undefined` if it is not known.
 *
 * @param description at most 500 characters
 * @param error `error` beside it; empty in another dialect
 */
export function meaningOfDescription(description: string, error = ''): ErrorCode | undefined {
  return patterns.find(
    ({ error: expected, pattern }) =>
      (expected === undefined || expected === error) && pattern.test(description),
  )?.code;
}

/** The error code for a code of WSO2's API gateway. */
export function meaningOfGatewayCode(code: string): ErrorCode {
  return gatewayCodes.get(code) ?? 'gateway-refused';
}
