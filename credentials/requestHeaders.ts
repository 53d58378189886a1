import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';
import { displayText } from '../core/lib/displayText';
import { consentName } from '../core/tokens/consentName';

/** Prefix of the headers that this package reads and never sends. */
const OWN = 'x-open-banking-';

/** Request header of a node that names the consent whose token is set. It is never sent. */
export const CONSENT_HEADER = `${OWN}consent`;

/** The headers of a request, without the headers that this package reads and never sends. */
export interface RequestHeaders {
  /** Headers to send, without an empty `Authorization` header. */
  readonly headers: IDataObject;
  /** The consent that the node names; `undefined` if it has no such header. */
  readonly consent?: string;
  /** Whether the node has an `Authorization` header with a value. */
  readonly hasAuthorization: boolean;
  /** Whether the node has an empty `Authorization` header. */
  readonly hasEmptyAuthorization: boolean;
}

/**
 * Reads the headers that a node sets. An empty header for the consent is an error: no other consent must be used instead.
 *
 * @param given headers by name, case-insensitive; a value is the result of an expression
 * @throws OpenBankingError `input-missing`, `consent-malformed`, `header-malformed`
 */
export function requestHeaders(given: IDataObject = {}): RequestHeaders {
  const headers: IDataObject = {};
  const consents = new Set<string>();
  let hasAuthorization = false;
  let hasEmptyAuthorization = false;
  for (const [name, value] of Object.entries(given)) {
    // The sender trims names.
    const known = name.trim().toLowerCase();
    if (known.startsWith(OWN) && known !== CONSENT_HEADER) throw unknownHeader(name);
    switch (known) {
      case CONSENT_HEADER:
        consents.add(consentIn(value));
        break;
      case 'authorization':
        if (isEmptyAuthorization(value)) hasEmptyAuthorization = true;
        else {
          headers[name] = assertEvaluated('Authorization', value);
          hasAuthorization = true;
        }
        break;
      default:
        headers[name] = value;
    }
  }
  if (consents.size > 1) {
    throw new OpenBankingError('header-malformed', {
      problem: 'twice',
      values: { header: CONSENT_HEADER },
      description: 'Keep one of them.',
    });
  }
  const [consent] = consents;
  return {
    headers,
    ...(consent !== undefined && { consent }),
    hasAuthorization,
    hasEmptyAuthorization,
  };
}

/** An expression without a result yields `undefined`, `null`, or a text with these words. */
const NOTHING = /^(undefined|null|nan|\[object object\])?$/i;

/** @throws OpenBankingError `input-missing`, `consent-malformed`, `header-malformed` */
function consentIn(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (!NOTHING.test(text)) {
    assertEvaluated(CONSENT_HEADER, text);
    return consentName(value);
  }
  throw new OpenBankingError('input-missing', {
    problem: 'header',
    values: { header: CONSENT_HEADER },
    description: `The node has this header, so that no other consent's token is used. Look at the input of the node: give a name, or fix the expression in the header's value, which yields nothing. Nothing was sent.`,
  });
}

function unknownHeader(name: string): OpenBankingError {
  return new OpenBankingError('header-malformed', {
    problem: 'unknown',
    values: { header: displayText(name, []) },
    description: `Names that begin with "${OWN}" are read by this package and never sent. The one that names a consent is "${CONSENT_HEADER}".`,
  });
}

function isEmptyAuthorization(value: unknown): boolean {
  const text =
    typeof value === 'string' ? value.trim() : value === undefined || value === null ? '' : '-';
  return NOTHING.test(text.replace(/^bearer(\s+|$)/i, ''));
}

/** An expression that is typed in Fixed mode is not evaluated and keeps its braces. */
function assertEvaluated<Value>(name: string, value: Value): Value {
  if (typeof value !== 'string' || !value.includes('{{')) return value;
  throw new OpenBankingError('header-malformed', {
    problem: 'expression',
    values: { header: name },
    description:
      'Switch the field "Value" of this header from Fixed to Expression, or drag the value from the input into it. Nothing was sent.',
  });
}
