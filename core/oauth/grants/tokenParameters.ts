import { displayText } from '../../lib/displayText';
import type { SecretHider } from '../../lib/hiddenSecrets';
import { countedEntries, isNestedDeeper, serialisedBytes } from '../../lib/json';
import { withoutSecrets } from '../../lib/withoutSecrets';

/** Parameters of an answer, and warnings about those that were left out. */
export interface TokenParameters {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly remarks: readonly string[];
}

/** Names that this package adds to tokens. A value of the bank under such a name would pass for one of this package. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  ...['authorization', 'consent', 'consent_id', 'error', 'failed_check'],
  ...['certificate_expires_at', 'obtained_at', 'expires_at', 'refresh_token_rotated'],
]);

/** Names with a meaning in JavaScript: a copy of such a member may change the object that it is copied to. */
const UNSAFE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The tokens. They are never left out because of their size. */
const TOKENS: ReadonlySet<string> = new Set(['access_token', 'refresh_token', 'id_token']);

/** Maximum levels of objects and lists in a parameter. A deeper parameter can neither be stored nor shown by n8n. */
const MAXIMUM_DEPTH = 20;

/** Maximum bytes of a parameter as JSON. */
const MAXIMUM_BYTES = 64 * 1024;

/** Maximum parameters of an answer, with all members and list entries in them. */
const MAXIMUM_ENTRIES = 2000;

/** Maximum remarks about parameters that are left out. */
const MAXIMUM_REMARKS = 10;

/**
 * The parameters of an answer that can be stored and returned: without names of this package, and without values that are nested too deep
 * or too large.
 *
 * @param answer the JSON object of the bank; at most 1 MiB
 * @param hide hides what no remark may show
 */
export function usableParameters(
  answer: Readonly<Record<string, unknown>>,
  hide: SecretHider,
): TokenParameters {
  const remarks: string[] = [];
  let leftOut = 0;
  let entries = 0;
  const usable = Object.entries(answer).filter(([name, value]) => {
    if (UNSAFE_NAMES.has(name)) return false;
    if (isAbsent(value)) return !OWN_NAMES.has(name) && entries++ < MAXIMUM_ENTRIES;
    const own = 1 + countedEntries(value, MAXIMUM_ENTRIES);
    const problem = problemOf(name, value, entries + own);
    if (!problem) entries += own;
    // Some banks send "expires_at" in a format of their own, each time.
    if (problem && name !== 'expires_at' && leftOut++ < MAXIMUM_REMARKS) {
      remarks.push(`The bank sent "${shortName(name, hide)}", ${problem}: it is left out.`);
    }
    return problem === undefined;
  });
  if (leftOut > MAXIMUM_REMARKS) {
    remarks.push(
      `The bank sent ${leftOut - MAXIMUM_REMARKS} more parameters that cannot be used: they are left out.`,
    );
  }
  return { parameters: Object.fromEntries(usable), remarks };
}

/** Parameters of an answer that have no place for a secret. A secret could be equal to one of their words. */
const PLAIN: ReadonlySet<string> = new Set(['active', 'scope', 'token_type', 'expires_in']);

/** Parameters without what they repeat of the request's secrets. The tokens stay: a bank may send the same refresh token again. */
export function withoutEchoes(
  { parameters, remarks }: TokenParameters,
  hide: SecretHider,
): TokenParameters {
  return { parameters: parametersWithout(parameters, hide, TOKENS), remarks };
}

/**
 * Parameters of an answer without what they repeat of the request's secrets.
 *
 * @param kept names of parameters that stay as they are
 */
export function parametersWithout(
  parameters: Readonly<Record<string, unknown>>,
  hide: SecretHider,
  kept: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) =>
      PLAIN.has(name) || kept.has(name) ? [name, value] : [hide(name), withoutSecrets(value, hide)],
    ),
  );
}

/** Whether a value stands for an absent one. Some servers write absent members as `null` or as an empty text. */
function isAbsent(value: unknown): boolean {
  return value === null || value === '';
}

/** @param entries number of the parameters up to this one, with all in them */
function problemOf(name: string, value: unknown, entries: number): string | undefined {
  if (OWN_NAMES.has(name)) return 'which is a name of this package';
  if (typeof value === 'string' && TOKENS.has(name)) return undefined;
  if (isNestedDeeper(value, MAXIMUM_DEPTH)) return `nested more than ${MAXIMUM_DEPTH} levels deep`;
  if (serialisedBytes(value) + name.length > MAXIMUM_BYTES) return 'which has more than 64 KiB';
  return entries > MAXIMUM_ENTRIES
    ? `with which the answer has more than ${MAXIMUM_ENTRIES} values`
    : undefined;
}

function shortName(name: string, hide: SecretHider): string {
  return displayText(name, hide).slice(0, 60);
}

/**
 * The parameters of a token response without those that are `null`, empty or of a wrong type: they are absent (RFC 6749 §5.1). A token type other than
 * "Bearer" is not left out: the token is used as a bearer token in any case.
 *
 * @param hide hides what no remark may show
 */
export function typedParameters(
  { parameters, remarks }: TokenParameters,
  hide: SecretHider,
): TokenParameters {
  const added: string[] = [];
  const leaveOut = (name: string, expected: string) => {
    added.push(`The bank sent a "${name}" that is ${expected}: it is left out.`);
    return false;
  };
  const typed = Object.entries(parameters).filter(([name, value]) => {
    if (isAbsent(value)) return false;
    if (name === 'expires_in' && !isLifetime(value)) return leaveOut(name, 'no number of seconds');
    if (name === 'scope' && typeof value !== 'string') return leaveOut(name, 'no text');
    if (name === 'refresh_token' && typeof value !== 'string') return leaveOut(name, 'no text');
    return true;
  });
  const { token_type: type } = parameters;
  if (type !== undefined && !isAbsent(type) && !isBearer(type)) {
    added.push(`The bank sent ${tokenTypeOf(type, hide)} instead of "Bearer".`);
  }
  return { parameters: Object.fromEntries(typed), remarks: [...remarks, ...added] };
}

/** A token type for a remark. A text with other characters than a name has (RFC 6749, appendix A.13) could be a token. */
function tokenTypeOf(type: unknown, hide: SecretHider): string {
  if (typeof type !== 'string') return 'a token type that is no text';
  const isName = /^[a-z][a-z_.: -]{0,39}$/i.test(type);
  return isName ? `the token type "${displayText(type, hide)}"` : 'an unknown token type';
}

function isBearer(type: unknown): boolean {
  return typeof type === 'string' && /^\s*bearer\s*$/i.test(type);
}

/** Whether a value is a number of seconds. RFC 6749 §5.1 requires a number; some banks send its digits as text. */
function isLifetime(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*\d{1,10}(?:\.\d+)?\s*$/.test(value);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
