import {
  codeErrors,
  descriptionErrors,
  gatewayErrors,
  statusErrors,
} from '../../errors/rows/bankErrors';
import type { ErrorCode } from '../../errors/catalogue';
import type { Row } from '../../errors/entry';

/** The rows of the catalogue that words or codes of a bank show. The first row whose phrase fits counts. */
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
const oauthErrors = new Map(
  rows.flatMap(([code, row]) => (row.oauthErrors ?? []).map((sign) => [sign, code])),
);

/** A phrase as a pattern: `*` stands for anything, and case does not matter. */
function patternOf(phrase: string): RegExp {
  const parts = phrase.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'), 'i');
}

/**
 * What an OAuth error means: its description decides if it is known, otherwise its code. A fault of the server goes first.
 *
 * @param error of RFC 6749 §5.2 or §4.1.2.1
 * @param description at most 500 characters
 */
export function meaningOf(error: string, description: string): ErrorCode {
  const named = oauthErrors.get(error);
  if (named === 'server-error') return named;
  return meaningOfDescription(description) ?? named ?? 'bank-refused';
}

/** What a description means, or `undefined` if it is not known. @param description at most 500 characters */
export function meaningOfDescription(description: string): ErrorCode | undefined {
  return patterns.find(({ pattern }) => pattern.test(description))?.code;
}

/** What a code of WSO2's API gateway means. */
export function meaningOfGatewayCode(code: string): ErrorCode {
  return gatewayCodes.get(code) ?? 'gateway-refused';
}
