import { displayText } from '../../lib/displayText';
import { withoutSecrets } from '../../lib/withoutSecrets';
import { isNestedDeeper, serialisedBytes } from '../../lib/json';

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

/**
 * The parameters of an answer that can be stored and returned: without names of this package, and without values that are nested too deep
 * or too large.
 *
 * @param answer the JSON object of the bank; at most 1 MiB
 * @param secrets values of the request that no remark may show
 */
export function usableParameters(
  answer: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): TokenParameters {
  const remarks: string[] = [];
  const usable = Object.entries(answer).filter(([name, value]) => {
    if (UNSAFE_NAMES.has(name)) return false;
    if (isAbsent(value)) return !OWN_NAMES.has(name);
    const problem = problemOf(name, value);
    // Some banks send "expires_at" in a format of their own, each time.
    if (problem && name !== 'expires_at') {
      remarks.push(`The bank sent "${shortName(name, secrets)}", ${problem}: it is left out.`);
    }
    return problem === undefined;
  });
  return { parameters: Object.fromEntries(usable), remarks };
}

/** Parameters without the secrets of the request that they repeat. The tokens stay: a bank may send the same refresh token again. */
export function withoutEchoes(
  { parameters, remarks }: TokenParameters,
  secrets: readonly string[],
): TokenParameters {
  const hidden = Object.entries(withoutSecrets(parameters, secrets));
  const kept = Object.entries(parameters);
  const shown = kept.map((member, index) => (TOKENS.has(member[0]) ? member : hidden[index]!));
  return { parameters: Object.fromEntries(shown), remarks };
}

/** Whether a value stands for an absent one. Some servers write absent members as `null` or as an empty text. */
function isAbsent(value: unknown): boolean {
  return value === null || value === '';
}

function problemOf(name: string, value: unknown): string | undefined {
  if (OWN_NAMES.has(name)) return 'which is a name of this package';
  if (typeof value === 'string' && TOKENS.has(name)) return undefined;
  if (isNestedDeeper(value, MAXIMUM_DEPTH)) return `nested more than ${MAXIMUM_DEPTH} levels deep`;
  return serialisedBytes(value) + name.length > MAXIMUM_BYTES
    ? 'which has more than 64 KiB'
    : undefined;
}

function shortName(name: string, secrets: readonly string[]): string {
  return displayText(name, secrets).slice(0, 60);
}

/**
 * The parameters of a token response without those that are `null`, empty or of a wrong type: they are absent (RFC 6749 §5.1). A token type other than
 * "Bearer" is not left out: the token is used as a bearer token in any case.
 *
 * @param secrets values of the request that no remark may show
 */
export function typedParameters(
  { parameters, remarks }: TokenParameters,
  secrets: readonly string[],
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
    added.push(
      `The bank sent ${typeof type === 'string' ? `the token type "${displayText(type, secrets)}"` : 'a token type that is no text'} instead of "Bearer".`,
    );
  }
  return { parameters: Object.fromEntries(typed), remarks: [...remarks, ...added] };
}

function isBearer(type: unknown): boolean {
  return typeof type === 'string' && /^\s*bearer\s*$/i.test(type);
}

/** Whether a value is a number of seconds. RFC 6749 §5.1 requires a number; some banks send its digits as text. */
function isLifetime(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*\d{1,10}(?:\.\d+)?\s*$/.test(value);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
