import { FlattenedSign } from 'jose/jws/flattened/sign';
import { SignJWT } from 'jose/jwt/sign';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { isJsonObject, parseJson } from '../../lib/json';
import { randomValue } from '../../lib/randomValue';
import type { Signer } from '../../profile/signer';
import { issuedAt } from './issuedAt';
import { UK_HEADER } from './payloadHeader';

/** Claims that are signed as a JWT (RFC 7519): the body of a request that a bank wants signed, such as those of Brazil. */
export interface JwtPayload {
  readonly kind: 'jwt';
  /** They stand as they are, also those that this package would add. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** `iss`, if the claims have none. */
  readonly issuer: string;
  /** `aud`, if the claims have none; left out if `undefined`. */
  readonly audience?: string;
  /** Seconds from `iat` to `exp`, if the claims have no `exp`; 0 leaves `exp` out. */
  readonly lifetime: number;
  readonly header: PayloadHeader;
}

/** A text that is signed as a JWS, with the text in it (compact) or without (detached, RFC 7515 appendix F). */
export interface TextPayload {
  readonly kind: 'compact' | 'detached';
  /** Its bytes in UTF-8 are signed exactly. */
  readonly text: string;
  /** Whether the bytes themselves are signed and not their base64url (`b64: false`, RFC 7797 §3); only for `detached`. */
  readonly isUnencoded: boolean;
  /** The header members of UK Open Banking; left out if `undefined`. */
  readonly uk?: UkSigner;
  readonly header: PayloadHeader;
}

/** The signer as UK Open Banking's header members name it. */
export interface UkSigner {
  /** `http://openbanking.org.uk/iss`: the subject of the signing certificate, or the names of organisation and software in the directory. */
  readonly issuer: string;
  /** `http://openbanking.org.uk/tan`: the domain of the trust anchor, mostly `openbanking.org.uk`. */
  readonly trustAnchor: string;
}

/** Further members of the header. */
export type PayloadHeader = Readonly<Record<string, unknown>>;

/** The members of a header that belong to the signature: a person cannot set them. */
export const SIGNATURE_MEMBERS = ['alg', 'kid', 'crit', 'b64'] as const;

/**
 * Asserts that a payload is no client assertion (RFC 7523 §3): anybody who has one can log in as this client, and n8n stores the output of a
 * node.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function assertNoAssertion(payload: JwtPayload | TextPayload, clientId: string): void {
  const isAssertion = (claims: unknown) =>
    isJsonObject(claims) && claims.sub === clientId && claims.iss === clientId;
  if (!claimsIn(payload).some(isAssertion)) return;
  throw new OpenBankingError('field-malformed', {
    problem: 'assertion',
    description:
      'Remove "sub", or give it another value. The operations of the resource Token log in with assertions of their own. Nothing was signed.',
  });
}

/**
 * The claims that a server may read in a signed payload. The bytes that `b64: false` signs look like the claims of any JWT if they are
 * base64url, and a server that ignores `crit` takes them for that (RFC 7797 §8).
 */
function claimsIn(payload: JwtPayload | TextPayload): unknown[] {
  if (payload.kind === 'jwt') return [{ iss: payload.issuer, ...payload.claims }];
  const { text, isUnencoded } = payload;
  return [
    parseJson(Buffer.from(text)),
    ...(isUnencoded ? [parseJson(Buffer.from(text, 'base64url'))] : []),
  ];
}

/**
 * Signs a payload with the signing key of the credential.
 *
 * @param now when it is signed
 * @returns the JWT or JWS in compact form; for `detached` it has nothing between its two dots
 * @throws OpenBankingError `field-malformed` if the payload cannot be signed in this form
 */
export async function signPayload(
  { algorithm, key, keyId }: Signer,
  payload: JwtPayload | TextPayload,
  now = new Date(),
): Promise<string> {
  const own = { alg: algorithm, ...(keyId && { kid: keyId }) };
  if (payload.kind === 'jwt') {
    const header = { typ: 'JWT', ...payload.header, ...own };
    return new SignJWT(claimsOf(payload, now)).setProtectedHeader(header).sign(key);
  }
  const { kind, text, isUnencoded, uk } = payload;
  const named = uk ? ukMembers(uk, now) : {};
  const critical = [...(isUnencoded ? ['b64'] : []), ...Object.keys(named)];
  const header = {
    ...(uk && { typ: 'JOSE', cty: 'application/json' }),
    ...payload.header,
    ...named,
    ...(isUnencoded && { b64: false }),
    ...(critical.length > 0 && { crit: critical }),
    ...own,
  };
  const jws = await new FlattenedSign(Buffer.from(text, 'utf8'))
    .setProtectedHeader(header)
    .sign(key, { crit: Object.fromEntries(critical.map((name) => [name, true])) });
  return [jws.protected, kind === 'compact' ? jws.payload : '', jws.signature].join('.');
}

/** The claims of a JWT, with those that make it unique and date it. Brazil wants `jti`, `iat`, `iss` and `aud`. */
function claimsOf(
  { claims, issuer, audience, lifetime }: JwtPayload,
  now: Date,
): Record<string, unknown> {
  const iat = typeof claims.iat === 'number' ? claims.iat : issuedAt(now);
  return {
    iss: issuer,
    ...(audience !== undefined && { aud: audience }),
    jti: randomValue(),
    iat,
    ...(lifetime > 0 && { exp: iat + lifetime }),
    ...claims,
  };
}

/** The header members of UK Open Banking's message signing. */
function ukMembers({ issuer, trustAnchor }: UkSigner, now: Date): Record<string, unknown> {
  if (!issuer) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Signer' },
      description:
        'Fill in "Signer": the bank documents whether it wants the subject of the signing certificate, or the IDs of organisation and software in the directory, as "organisation/software".',
    });
  }
  return {
    [UK_HEADER.issuedAt]: issuedAt(now),
    [UK_HEADER.issuer]: issuer,
    [UK_HEADER.trustAnchor]: trustAnchor,
  };
}
