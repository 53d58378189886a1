import {
  clockTolerance,
  customFetch,
  jweDecrypt,
  JWT_CLAIM_COMPARISON,
  JWT_TIMESTAMP_CHECK,
  KEY_SELECTION,
  type AuthorizationServer,
  type Client,
  type JWEDecryptOptions,
  type ValidateSignatureOptions,
} from 'oauth4webapi';
import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError, type Outcome } from '../../errors/OpenBankingError';
import { redirectAdvice } from '../../errors/rows/responseErrors';
import type { Endpoints } from '../../profile/endpoints';
import { headerExtension, joseHeader } from './joseHeader';
import { decrypted, isJwe } from './jwe';
import { bankKeysFor, MAXIMUM_AGE_BEFORE_SENDING, type BankKeys } from '../bank/jwks';
import type { Profile } from '../../profile/profile';

/** What may be wrong with any JWT that a bank signs. */
export type JwtFault =
  | 'malformed'
  | 'extension'
  | 'decryption'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'time';

/** A JWT that a bank signs: how its failures are called. */
export interface JwtKind {
  /** Begins each message. */
  readonly name: string;
  readonly codes: Readonly<Record<JwtFault, ErrorCode>>;
  /** What became of the token request when it is looked at. */
  readonly outcome: Outcome;
}

const idTokenCodes: JwtKind['codes'] = {
  malformed: 'id-token-malformed',
  extension: 'id-token-malformed',
  decryption: 'id-token-decryption',
  algorithm: 'id-token-algorithm',
  key: 'id-token-signature',
  signature: 'id-token-signature',
  issuer: 'id-token-issuer',
  audience: 'id-token-audience',
  time: 'id-token-time',
};

/** The ID token of a token response (OIDC Core §3.1.3.3). */
export const idTokenKind: JwtKind = {
  name: 'The ID token',
  codes: idTokenCodes,
  outcome: 'received',
};

/** The ID token of a redirect (OIDC Core §3.3.2.5). */
export const redirectIdTokenKind: JwtKind = {
  name: 'The ID token in the redirect',
  codes: idTokenCodes,
  outcome: 'not-sent',
};

/** The response JWT of a redirect (JARM §2.1). */
export const responseJwtKind: JwtKind = {
  name: 'The response JWT in the redirect',
  codes: {
    malformed: 'response-jwt-malformed',
    extension: 'response-jwt-extension',
    decryption: 'response-jwt-decryption',
    algorithm: 'response-jwt-algorithm',
    key: 'response-jwt-key',
    signature: 'response-jwt-signature',
    issuer: 'response-jwt-issuer',
    audience: 'response-jwt-audience',
    time: 'response-jwt-time',
  },
  outcome: 'not-sent',
};

/** A failure of a JWT of this kind. */
export function jwtFailure(kind: JwtKind, code: ErrorCode, what: string): OpenBankingError {
  return new OpenBankingError(code, {
    message: `${kind.name} ${what}`,
    outcome: kind.outcome,
    // What is to be set is the same wherever the JWT came from.
    ...(kind.outcome === 'not-sent' && !configurable.has(code) && { description: redirectAdvice }),
  });
}

/** Failures whose advice names a field of the credential or of the node. */
const configurable = new Set<ErrorCode>([
  'jwks-missing',
  'jwks-unreachable',
  'jwks-too-large',
  'id-token-algorithm',
  'id-token-decryption',
  'id-token-acr',
  'id-token-auth-time',
  'response-jwt-algorithm',
  'response-jwt-decryption',
]);

/**
 * The signed JWT within what a bank sent, decrypted where it is encrypted.
 *
 * @throws OpenBankingError the kind's `decryption` or `extension`
 */
export async function decryptedJwt(
  jwt: string,
  { decryptionKey }: Profile,
  kind: JwtKind,
): Promise<string> {
  if (!isJwe(jwt)) return jwt;
  assertNoExtension(jwt, kind);
  try {
    return await decrypted(jwt, decryptionKey);
  } catch {
    throw jwtFailure(kind, kind.codes.decryption, 'is encrypted and could not be decrypted');
  }
}

function assertNoExtension(jwt: string, kind: JwtKind): void {
  const extension = headerExtension(jwt);
  if (extension) throw jwtFailure(kind, kind.codes.extension, `has "${extension}" in its header`);
}

/** What the library verifies a JWT with. */
export interface Verification {
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly options: ValidateSignatureOptions & JWEDecryptOptions;
}

/**
 * Makes ready to verify a JWT: the algorithm is pinned, the clocks may differ by what the profile allows, and the bank's keys are at hand.
 *
 * @param jws decrypted, see {@link decryptedJwt}
 * @throws OpenBankingError `jwks-…`, or the kind's `extension`; of a redirect also those of the stage `tls`
 */
export async function verificationOf(
  jws: string,
  profile: Profile,
  endpoints: Endpoints,
  kind: JwtKind,
): Promise<Verification> {
  if (!endpoints.jwks) {
    throw jwtFailure(kind, 'jwks-missing', 'cannot be verified: where its keys are is not known');
  }
  assertNoExtension(jws, kind);
  const { kid } = joseHeader(jws);
  const bankKeys = await bankKeysFor(
    profile,
    endpoints.jwks,
    typeof kid === 'string' ? kid : undefined,
    kind.outcome === 'not-sent' ? MAXIMUM_AGE_BEFORE_SENDING : Infinity,
  ).catch((error: OpenBankingError) => {
    // Before anything was sent, a certificate that is not trusted stands in the way of everything, not of the keys alone.
    if (error.stage === 'tls' && kind.outcome === 'not-sent') throw error;
    const code = error.code === 'jwks-too-large' ? error.code : 'jwks-unreachable';
    const failure = jwtFailure(kind, code, `cannot be verified: ${error.message}`);
    // The advice of a connection that failed says that nothing was sent.
    throw kind.outcome === 'not-sent' ? failure.with({ description: error.description }) : failure;
  });
  return {
    server: serverOf(endpoints, bankKeys),
    client: {
      client_id: profile.clientId,
      id_token_signed_response_alg: profile.idTokenAlgorithm,
      authorization_signed_response_alg: profile.idTokenAlgorithm,
      [clockTolerance]: profile.clockTolerance,
    },
    options: {
      [customFetch]: () => Promise.resolve(Response.json(bankKeys)),
      // Decrypted before; a JWE within a JWE is refused.
      [jweDecrypt]: undefined,
    },
  };
}

/** The library keeps imported keys under the object it is given: one for each set of keys. */
const servers = new WeakMap<BankKeys, AuthorizationServer>();

function serverOf(endpoints: Endpoints, bankKeys: BankKeys): AuthorizationServer {
  let server = servers.get(bankKeys);
  if (!server) {
    const { issuer, token, jwks } = endpoints;
    server = { issuer, token_endpoint: token.url, jwks_uri: jwks?.url };
    servers.set(bankKeys, server);
  }
  return server;
}

/** Claims that have a code of their own. */
const claimCodes = (kind: JwtKind): Record<string, ErrorCode> => ({
  iss: kind.codes.issuer,
  aud: kind.codes.audience,
  azp: kind.codes.audience,
  nonce: 'id-token-nonce',
  c_hash: 'id-token-code-hash',
  s_hash: 'id-token-state-hash',
  auth_time: 'id-token-auth-time',
});

/** A failure of the library: by claim where it compared one; its messages hold no values. */
export function libraryFailure(error: unknown, kind: JwtKind): OpenBankingError {
  const { code, message, cause, name } = error as Error & {
    code?: string;
    cause?: { claim?: string };
  };
  const fail = (of: ErrorCode, what: string) => jwtFailure(kind, of, what);
  const claim = cause?.claim ?? '';
  if (code === JWT_TIMESTAMP_CHECK) {
    return fail(kind.codes.time, `is outside its dates ("${claim}")`);
  }
  if (code === JWT_CLAIM_COMPARISON) {
    return fail(claimCodes(kind)[claim] ?? kind.codes.malformed, `has an unexpected "${claim}"`);
  }
  if (code === KEY_SELECTION) {
    return fail(kind.codes.key, 'is not signed with a key that the bank publishes');
  }
  // A key of the bank that cannot be imported verifies nothing.
  if (/signature verification/.test(message) || /modulus/.test(message) || name === 'DataError') {
    return fail(kind.codes.signature, 'is not signed with a key that the bank publishes');
  }
  if (/"alg"/.test(message)) {
    return fail(kind.codes.algorithm, 'is signed with another algorithm than expected');
  }
  // The claim that the library demands a number of.
  if (/"auth_time"/.test(message))
    return fail('id-token-auth-time', 'has an unexpected "auth_time"');
  const missing = /"(nonce|c_hash|s_hash)"/.exec(message)?.[1];
  if (missing) return fail(claimCodes(kind)[missing]!, `has no "${missing}"`);
  return fail(kind.codes.malformed, `is not valid: ${message}`);
}
