import { X509Certificate } from 'node:crypto';
import type { ErrorCode } from '../../errors/catalogue';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { silentRefusal } from '../../errors/rows/responseErrors';
import { plainText } from '../../lib/displayText';
import { secretHider, type SecretHider } from '../../lib/hiddenSecrets';
import { clientRemarks } from '../../profile/bankOffers';
import {
  isChangedByEncoding,
  secretsForBank,
  type ClientAuthenticationChoice,
} from '../../profile/clientAuthentication';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { ClientAuthenticationMethod } from '../../profile/settings';
import type { Signer } from '../../profile/signer';
import type { HttpRequest, HttpResponse } from '../../transport/send';
import { bankError } from './errorResponse';
import { explainedByServer } from './wrongServer';

/** A request in which the client authenticated itself, as far as messages about its answer need it. */
export interface SentRequest {
  readonly endpoint: Endpoint;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** The values that a person compares with the registration, as a list in a sentence. All of them are public. */
  readonly client: string;
  /** The key IDs that the bank may know the key of the client assertion by, as a sentence; `undefined` if there is none. */
  readonly candidates?: string;
  /** Advice if the bank does not know the client by its ID and its proof; `undefined` if the proof is an assertion, see the catalogue. */
  readonly proofAdvice?: string;
  /** Warnings that the bank's metadata does not offer the client authentication, as sentences. */
  readonly remarks: readonly string[];
  /** Advice for a bank that wants another audience than the issuer; `undefined` if the endpoints do not come from discovery. */
  readonly audienceAdvice?: string;
}

/** Parameters of requests whose values may be shown. The others are secret, or of use to somebody who reads them. */
const PUBLIC_PARAMETERS: ReadonlySet<string> = new Set([
  ...['grant_type', 'scope', 'redirect_uri', 'client_id', 'client_assertion_type'],
  ...['token_type_hint', 'response_type', 'response_mode', 'code_challenge_method'],
  ...['prompt', 'max_age', 'claims'],
]);

/**
 * Describes a request.
 *
 * @param of the request; its audience is that of the client assertion, and `undefined` if there is none
 */
export function sentRequest(
  profile: Profile,
  endpoints: Endpoints,
  { endpoint, request, audience }: { endpoint: Endpoint; request: HttpRequest; audience?: string },
): SentRequest {
  const secrets = [...secretParameters(request), ...secretsForBank(profile)];
  const proofAdvice = adviceOfProof(profile.authentication);
  return {
    endpoint,
    secrets,
    client: clientValues(profile, audience),
    ...(audience !== undefined && profile.signer && { candidates: candidatesOf(profile.signer) }),
    ...(proofAdvice !== undefined && { proofAdvice }),
    remarks: clientRemarks(profile, endpoints).map(({ sentence }) => sentence),
    ...('discover' in profile.bank && {
      audienceAdvice: audienceWithDiscovery(endpoints, secretHider(secrets)),
    }),
  };
}

/**
 * How to name another audience with discovery. There only the issuer is named by itself, see `audienceOf`: a person has to choose the address
 * of an endpoint.
 *
 * The bank chooses the addresses: they must not show a secret.
 */
function audienceWithDiscovery(endpoints: Endpoints, hide: SecretHider): string {
  const { issuer, token, authorization } = endpoints;
  const fields = Object.entries({
    Issuer: issuer,
    'Token Endpoint': token.url,
    'Authorization Endpoint': authorization,
    'Pushed Authorization Request Endpoint': endpoints.pushedAuthorizationRequest?.url,
    'JWKS URL': endpoints.jwks?.url,
    'Revocation Endpoint': endpoints.revocation?.url,
    'Introspection Endpoint': endpoints.introspection?.url,
  }).flatMap(([field, url]) => (url === undefined ? [] : [`"${field}" ${hide(url)}`]));
  return `The bank wants another "aud" in the client assertion than its issuer. If it wants its token endpoint everywhere, set "Audience" in the credential to "Custom Value" and "Audience Value" to ${hide(token.url)}. If it wants the address of each endpoint that is called, set "Bank" to "Custom Endpoints", "Audience" to "Endpoint Being Called", and fill in what its metadata names: ${fields.join(', ')}. Compare these addresses with the bank's documents first.`;
}

/** The values of the form of a request that must not be shown. */
export function secretParameters({ body = '' }: HttpRequest): string[] {
  return [...new URLSearchParams(body)]
    .filter(([name]) => !PUBLIC_PARAMETERS.has(name))
    .map(([, value]) => value);
}

function clientValues(profile: Profile, audience: string | undefined): string {
  const { clientId, authentication, signer, identity, certificateThumbprint } = profile;
  const place = PLACES[authentication.method];
  const id = `client ID "${clientId}"${place === undefined ? '' : `, client secret ${place}`}`;
  if (signer && audience !== undefined) {
    const keyId = signer.keyId === undefined ? 'no key ID' : `key ID "${signer.keyId}"`;
    return `${id}, ${keyId}, algorithm ${signer.algorithm}, audience "${audience}"`;
  }
  return `${id}, certificate with the subject "${subjectOf(identity.certificate)}" and the SHA-256 thumbprint "${certificateThumbprint}"`;
}

/** The key IDs that the bank may know the key by. */
function candidatesOf({ keyIdCandidates }: Signer): string {
  const list = keyIdCandidates.map(({ name, keyId }) => `${name} ${keyId}`).join(', ');
  return `Candidates for the key ID: ${list}, or none.`;
}

/** The places of a secret, for messages. */
const PLACES: Readonly<Partial<Record<ClientAuthenticationMethod, string>>> = {
  client_secret_basic: 'in the header (client_secret_basic)',
  client_secret_post: 'in the form (client_secret_post)',
};

/** The subject of a certificate, its most particular part first (RFC 4514). */
function subjectOf(certificate: string): string {
  const { subject = '' } = new X509Certificate(certificate);
  return plainText(subject.split('\n').toReversed().join(','));
}

/** The error for an answer that is not a success, with the values that a person compares if the bank may have refused the client. */
export function refusedRequest(response: HttpResponse, sent: SentRequest): OpenBankingError {
  return explainedRefusal(bankError(response, sent.secrets), sent);
}

/** A refusal with the values that a person compares: if the wrong server answered, or if the bank may have refused the client. */
export function explainedRefusal(refusal: OpenBankingError, sent: SentRequest): OpenBankingError {
  const error = explainedByServer(refusal, sent.endpoint);
  const values = `${sent.client}, to "${addressOf(sent)}"`;
  if (isSilent(error)) {
    const advice = `${silentRefusal} Compare first with the registration what was sent: ${values}.`;
    return error.with({ description: [advice, ...sent.remarks].join(' ') });
  }
  if (!isAboutTheClient(error)) {
    if (error.status !== 401) return error;
    // RFC 6749 §5.2. Some servers refuse a client and call it a grant.
    const ofClient = `Status 401 is mostly about the client. Sent: ${values}.`;
    return error.with({ description: `${error.description} ${ofClient}` });
  }
  const advice = adviceFor(error, sent) ?? error.description;
  const candidates = refusalsOfTheKey.has(error.code) ? sent.candidates : undefined;
  const parts = [...sent.remarks, advice, `Sent: ${values}.`, ...(candidates ? [candidates] : [])];
  return error.with({ description: parts.join(' ') });
}

function adviceFor({ code }: OpenBankingError, sent: SentRequest): string | undefined {
  if (code === 'assertion-audience') return sent.audienceAdvice;
  return refusalsOfTheKey.has(code) ? sent.proofAdvice : undefined;
}

/** The advice if the bank does not know the client; `undefined` if it signs an assertion, for which the catalogue has the advice. */
function adviceOfProof({ method, secret }: ClientAuthenticationChoice): string | undefined {
  switch (method) {
    case 'private_key_jwt':
      return undefined;
    case 'tls_client_auth':
      return 'The client is known by its certificate alone: compare "Client ID" and the transport certificate, its subject included, with the registration (tls_client_auth_subject_dn). If the certificate is signed by itself, choose "Self-Signed Certificate" under "Client Authentication".';
    case 'self_signed_tls_client_auth':
      return 'The client is known by its certificate alone, and the bank has to have this very certificate: compare "Client ID" and the thumbprint with the key set of the registration ("x5c" in "jwks"). After the registration of a new certificate the bank may use the old key set for a while.';
    case 'client_secret_basic':
      return `${SECRET} If the bank registered "client_secret_post", choose "Client Secret in the Form" under "Client Authentication".${
        isChangedByEncoding(secret)
          ? ' The secret has characters that are encoded in the header (RFC 6749 §2.3.1), and some servers do not decode them: then the form may work, or a secret of letters and digits.'
          : ''
      }`;
    case 'client_secret_post':
      return `${SECRET} If the bank registered "client_secret_basic", choose "Client Secret in the Header" under "Client Authentication".`;
  }
}

const SECRET =
  'The bank does not know the client, or its secret is another one: copy "Client ID" and "Client Secret" again. A secret may have ended, or was replaced by a new one. Check that the address is that of the environment (sandbox or production) in which the application was registered.';

/** The address of a request. It has no query, because a query may hold a key. Secrets that a bank's metadata put into it are hidden. */
function addressOf({ endpoint, secrets }: SentRequest): string {
  const { origin, pathname } = new URL(endpoint.url);
  return secretHider(secrets)(origin + pathname);
}

/** Statuses with which banks refuse a client or a grant. */
const REFUSALS: readonly (number | undefined)[] = [400, 401, 403];

/** Whether an answer gives no reason, and its status is that of a refusal. */
export function isSilent({ code, status, outcome }: OpenBankingError): boolean {
  const isUnreadable = code === 'response-empty' || code === 'response-unexpected';
  return isUnreadable && outcome === 'refused' && REFUSALS.includes(status);
}

/** Refusals because of the client's key or its ID. */
export const refusalsOfTheKey = new Set<ErrorCode>([
  'client-credentials-invalid',
  'invalid-client',
  'assertion-key',
]);

/** Refusals because of the client, or of its assertion. */
const aboutTheClient = new Set<ErrorCode>([
  ...refusalsOfTheKey,
  'client-unknown',
  'client-authentication-unsupported',
  'assertion-audience',
  'assertion-algorithm',
  'assertion-claim',
  'unauthorized-client',
]);

function isAboutTheClient({ code, status }: OpenBankingError): boolean {
  if (aboutTheClient.has(code)) return true;
  return code === 'bank-refused' && (status === 401 || status === 403);
}
