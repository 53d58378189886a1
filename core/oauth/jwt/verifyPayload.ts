import { isDeepStrictEqual } from 'node:util';
import { plainText } from '../../lib/displayText';
import { isJsonObject, parseJson } from '../../lib/json';
import type { SigningAlgorithm } from '../../keys/algorithms';
import type { Endpoints } from '../../profile/endpoints';
import type { Bank } from '../bank/bank';
import { joseHeader } from './joseHeader';
import { isJwe } from './jwe';
import { jwtFailure, payloadKind as kind } from './jwtKind';
import { UK_HEADER, UNDERSTOOD_MEMBERS } from './payloadHeader';
import { assertDates } from './registeredClaims';
import { decryptedJwt, jwsOf, signedBytes, type Jws } from './verifyBankJwt';

/** A payload that a bank signed, and the values that it is compared with. */
export interface PayloadVerification {
  /** A JWT or JWS in compact form; with `text` it has nothing between its dots. */
  readonly signed: string;
  /** The text of a detached signature, exactly as the bank sent it; `undefined` if the signature holds it. */
  readonly text?: string;
  /** The algorithm of the signature; that of ID tokens if not given. */
  readonly algorithm?: SigningAlgorithm;
  /** `iss` of the claims, and of UK Open Banking's header; not compared if not given. */
  readonly issuer?: string;
  /** `aud` of the claims, or one of them; not compared if not given. */
  readonly audience?: string;
  /** As `audience`, if the claims have one. */
  readonly audienceIfAny?: string;
  /** Trust anchor of UK Open Banking's header; not compared if not given. */
  readonly trustAnchor?: string;
  /** Claims that must be equal. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A verified payload. */
export interface VerifiedPayload {
  /** The header of the signature. */
  readonly header: Readonly<Record<string, unknown>>;
  /** The JSON of the payload; its text if it is no JSON. */
  readonly payload: unknown;
  /** The payload as the bank wrote it. */
  readonly text: string;
}

/**
 * Verifies a payload with the keys of the bank, and compares its claims. An encrypted payload is decrypted first. `exp`, `nbf` and `iat` are
 * checked if the payload has them.
 *
 * @throws OpenBankingError `jwks-unusable`, `jwt-…`, `payload-claim`
 */
export async function verifyPayload(
  bank: Bank,
  endpoints: Endpoints,
  { signed, text, algorithm = bank.profile.idTokenAlgorithm, ...expected }: PayloadVerification,
): Promise<VerifiedPayload> {
  const trimmed = signed.trim();
  const jws = isJwe(trimmed) ? await decryptedJwt(trimmed, bank.profile, kind) : trimmed;
  const header = joseHeader(jws);
  assertUnderstood(header);
  const rules = { kind, algorithm, understood: UNDERSTOOD_MEMBERS };
  const bytes = await signedBytes(withText(jwsOf(jws, kind), text, header), bank, endpoints, rules);
  assertSigner(header, expected, bank.profile.clockTolerance);
  const parsed = parseJson(Buffer.from(bytes));
  const claims = isJsonObject(parsed) ? parsed : {};
  if (isJsonObject(parsed)) {
    const { clockTolerance } = bank.profile;
    assertDates(claims, { now: Date.now(), clockTolerance }, kind);
  }
  assertClaims(claims, header, expected);
  const content = Buffer.from(bytes).toString('utf8');
  return { header, payload: parsed === undefined ? content : parsed, text: content };
}

/** Puts the text of a detached signature in its place (RFC 7515 appendix F, RFC 7797 §5.1). @throws OpenBankingError `jwt-malformed` */
function withText(
  jws: Jws,
  text: string | undefined,
  header: Readonly<Record<string, unknown>>,
): Jws {
  const isDetached = jws.payload === '';
  if (isDetached !== (text !== undefined)) {
    throw jwtFailure(kind, 'jwt-malformed', { problem: isDetached ? 'noText' : 'twoTexts' });
  }
  if (text === undefined) return jws;
  const bytes = Buffer.from(text, 'utf8');
  return { ...jws, payload: header.b64 === false ? bytes : bytes.toString('base64url') };
}

/** Characters of a name that a message shows. */
const LONGEST_SHOWN = 80;

/** Asserts that each critical member is one that is understood here (RFC 7515 §4.1.11). */
function assertUnderstood(header: Readonly<Record<string, unknown>>): void {
  const { crit } = header;
  if (crit === undefined) return;
  const names: unknown[] = Array.isArray(crit) ? crit : [crit];
  const unknown = names.find((name) => !UNDERSTOOD_MEMBERS.includes(name as string));
  if (unknown === undefined && names.length > 0) return;
  const name = typeof unknown === 'string' ? plainText(unknown).slice(0, LONGEST_SHOWN) : 'crit';
  throw jwtFailure(kind, 'jwt-malformed', { problem: 'headerExtension', values: { name } });
}

/** Asserts that UK Open Banking's header names the expected signer, and a time that is not in the future. */
function assertSigner(
  header: Readonly<Record<string, unknown>>,
  { issuer, trustAnchor }: Pick<PayloadVerification, 'issuer' | 'trustAnchor'>,
  clockTolerance: number,
): void {
  const { [UK_HEADER.issuedAt]: iat } = header;
  if (iat !== undefined) {
    assertDates({ iat }, { now: Date.now(), clockTolerance }, kind);
    const isLater = (iat as number) > Date.now() / 1000 + clockTolerance;
    if (isLater) throw jwtFailure(kind, 'jwt-time', { problem: 'future' });
  }
  const { [UK_HEADER.issuer]: signer, [UK_HEADER.trustAnchor]: anchor } = header;
  if (issuer !== undefined && signer !== undefined && signer !== issuer) {
    throw different(UK_HEADER.issuer);
  }
  if (trustAnchor !== undefined && anchor !== trustAnchor) {
    throw anchor === undefined ? missing(UK_HEADER.trustAnchor) : different(UK_HEADER.trustAnchor);
  }
}

function assertClaims(
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>>,
  { issuer, audience: needed, audienceIfAny, claims: wanted = {} }: Partial<PayloadVerification>,
): void {
  const { aud } = claims;
  if (needed !== undefined && aud === undefined) throw missing('aud');
  const audience = needed ?? (aud === undefined ? undefined : audienceIfAny);
  if (audience !== undefined && ![aud].flat().includes(audience)) throw different('aud');
  const isNamedInHeader = header[UK_HEADER.issuer] !== undefined;
  const expected = { ...wanted, ...(issuer !== undefined && !isNamedInHeader && { iss: issuer }) };
  for (const [name, value] of Object.entries(expected)) {
    if (!Object.hasOwn(claims, name)) throw missing(name);
    if (!isDeepStrictEqual(claims[name], value)) throw different(name);
  }
}

const missing = (claim: string) =>
  jwtFailure(kind, 'payload-claim', { problem: 'missing', values: { claim } });
const different = (claim: string) =>
  jwtFailure(kind, 'payload-claim', { problem: 'different', values: { claim } });
