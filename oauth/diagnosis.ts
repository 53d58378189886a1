import './requireNode';
import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import { send } from '../transport/send';
import { certificateDates } from './certificateDates';
import { ClockComparison } from './clockComparison';
import { endpointsOf } from './discovery';
import type { Endpoints } from './endpoints';
import { ensureBankKeys } from './jwks';
import { keyIdCandidates } from './keyId';
import { notOffered } from './offeredAlgorithms';
import { profileOf, type Profile } from './profile';
import { assertRedirectUri } from './redirectUri';
import type { BankSettings } from './settings';
import { sendTokenRequest } from './tokenEndpoint';
import type { Grant } from './tokenRequest';
import { readTokenResponse } from './tokenResponse';

/** What a test of the settings found. No secret is in it. */
export interface Diagnosis {
  /** What was proven, in the order in which it was. */
  readonly proven: string[];
  /** The first thing to fix; nothing where all is well. */
  readonly failure?: OpenBankingError;
  /** What is worth a word although it does not fail. */
  readonly notices: OpenBankingError[];
  /** Seconds by which this machine is ahead of the bank; nothing where no answer told. */
  readonly clockOffset?: number;
}

/**
 * Tests settings: what can be told without the network first, then TLS with the client certificate, then whether the token endpoint
 * accepts the client. No code, no refresh token and, mostly, no application token is used up.
 */
export async function diagnose(settings: BankSettings): Promise<Diagnosis> {
  const proven: string[] = [];
  const notices: OpenBankingError[] = [];
  const clock = new ClockComparison();
  let failure: OpenBankingError | undefined;
  try {
    await walk(await profileOf(settings), proven, notices, clock);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    failure = clock.explains(error) ?? explainedByCertificate(error, notices) ?? error;
  }
  const all = [...notices, ...clock.notices()];
  return { proven, ...(failure && { failure }), notices: all, clockOffset: clock.offset };
}

async function walk(
  profile: Profile,
  proven: string[],
  notices: OpenBankingError[],
  clock: ClockComparison,
): Promise<void> {
  notices.push(...profile.notices, ...certificateDates(profile));
  // The transport certificate's own dates: the others are not what a TLS server looks at.
  const [own] = certificateDates({ validity: profile.validity.slice(0, 1) });
  if (own && isOver(own)) throw own;
  proven.push('The certificate and its private key belong together.');
  if (profile.redirectUri) assertRedirectUri(profile.redirectUri);

  const endpoints = await endpointsOf(profile);
  await proveClient(profile, endpoints, proven, clock);

  const gateway = new URL(endpoints.refresh);
  if (gateway.origin !== new URL(endpoints.token).origin) {
    const stands = await reaches(profile, endpoints.refresh, clock);
    if (stands) proven.push(`So does TLS to "${gateway.host}", which refreshes tokens.`);
  }
  if (profile.scope.split(/\s+/).includes('openid')) {
    await ensureBankKeys(profile, endpoints);
    proven.push('The keys of its ID tokens are at hand.');
  }
}

/** How a refused client certificate shows: by an alert, or by nothing but the end of the connection. */
const refusedCertificate = new Set<ErrorCode>([
  'client-certificate-refused',
  'client-certificate-required',
  'tls-handshake-failed',
  'connection-lost',
]);

/** Why a bank may refuse a certificate; the likeliest reason first. */
const reasonsToRefuse: ErrorCode[] = [
  'certificate-expired',
  'certificate-client-auth-missing',
  'certificate-key-usage',
  'intermediate-missing',
];

/** The failure with what is odd about the certificate before its own advice, where that explains it. */
function explainedByCertificate(
  error: OpenBankingError,
  notices: readonly OpenBankingError[],
): OpenBankingError | undefined {
  if (!refusedCertificate.has(error.code)) return undefined;
  const reason = reasonsToRefuse
    .map((code) => notices.find((notice) => notice.code === code))
    .find((notice) => notice !== undefined);
  if (!reason) return undefined;
  return error.with({
    description: `${reason.message}. ${reason.description} ${error.description}`,
  });
}

/** Dates are notices where the certificate still works. */
function isOver({ code }: OpenBankingError): boolean {
  return code === 'certificate-expired' || code === 'certificate-not-yet-valid';
}

/**
 * Whether TLS to an endpoint stands that may not be asked for anything. Any answer proves it; servers that answer nothing to a request for
 * "/" exist, so that silence proves nothing.
 */
async function reaches(profile: Profile, url: string, clock: ClockComparison): Promise<boolean> {
  const request = { method: 'GET', url: new URL('/', url).href, headers: {} } as const;
  try {
    clock.add(await send(request, profile.identity, profile.timeouts));
    return true;
  } catch (error) {
    const { stage, code } = error as OpenBankingError;
    if (stage === 'response') return true;
    if (code === 'timeout' || code === 'connection-lost') return false;
    throw error;
  }
}

/** Refusals that do not tell whether the client was accepted: banks look at these things before, or after. */
const inconclusive = new Set<ErrorCode>([
  'invalid-grant',
  'invalid-request',
  'invalid-scope',
  'unauthorized-client',
  'unsupported-grant-type',
  'access-denied',
  'bank-refused',
  'response-empty',
]);

/** Refusals of a code that a bank comes to only once it has accepted the client (RFC 6749 §4.1.3). */
const aboutTheCode = new Set<ErrorCode>([
  'invalid-grant',
  'code-unknown',
  'code-used',
  'code-expired',
  'redirect-uri-mismatch',
  'pkce-failed',
]);

/**
 * Presents a code that nobody issued: a bank refuses it only after it has accepted the client. Where the refusal tells nothing, an
 * application token is asked for; not at once, because WSO2 ends the last application token of a client when it grants another one.
 */
async function proveClient(
  profile: Profile,
  endpoints: Endpoints,
  proven: string[],
  clock: ClockComparison,
): Promise<void> {
  const { scope, redirectUri } = profile;
  const tls = `TLS to "${new URL(endpoints.token).host}" stands; the client certificate was shown if the bank asked for it.`;
  const ask = (grant: Grant) => refusalOf(profile, endpoints, grant, clock);
  const code = randomUUID();
  const madeUp = { type: 'authorization_code', code, scope } as const;
  const refused = await ask({ ...madeUp, redirectUri: redirectUri || 'https://localhost/' });
  proven.push(tls);
  if (refused && aboutTheCode.has(refused.code)) {
    proven.push('The bank knows the client and its key: it refused nothing but a made-up code.');
    return;
  }
  if (refused && !inconclusive.has(refused.code)) {
    throw await withWhatWasSent(refused, profile, endpoints);
  }
  const second = await ask({ type: 'client_credentials', scope });
  if (!second) {
    proven.push('The bank knows the client and its key: it granted an application token.');
    return;
  }
  if (!inconclusive.has(second.code)) throw await withWhatWasSent(second, profile, endpoints);
  throw second.with({
    description: `This answer does not tell whether the bank accepted the client. ${second.description}`,
  });
}

async function refusalOf(
  profile: Profile,
  endpoints: Endpoints,
  grant: Grant,
  clock: ClockComparison,
): Promise<OpenBankingError | undefined> {
  try {
    const { response, assertion = '' } = await sendTokenRequest(profile, endpoints, grant);
    clock.add(response);
    await readTokenResponse(response, [assertion].filter(Boolean));
    return undefined;
  } catch (error) {
    if (error instanceof OpenBankingError && isAnswer(error)) return error;
    throw error;
  }
}

function isAnswer({ stage }: OpenBankingError): boolean {
  return stage === 'authorization-server' || stage === 'response';
}

/** Refusals that are about the key or its ID. */
const aboutTheKey = new Set<ErrorCode>([
  'client-credentials-invalid',
  'invalid-client',
  'client-refused-silently',
]);

/** A refused client is found by comparing what was sent with what is registered. All of it is public. */
async function withWhatWasSent(
  error: OpenBankingError,
  profile: Profile,
  endpoints: Endpoints,
): Promise<OpenBankingError> {
  const { signer } = profile;
  if (!signer) {
    if (!aboutTheKey.has(error.code)) return error;
    return error.with({
      description:
        'The client is known by its certificate alone: compare "Client ID" and the transport certificate, its subject included, with the registration (tls_client_auth_subject_dn).',
    });
  }
  const sent: string[] = [];
  if (aboutTheKey.has(error.code)) {
    const { jwk, ...ofCertificate } = await keyIdCandidates(signer);
    const list = Object.entries({ ...ofCertificate, 'RFC 7638': jwk })
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
    sent.push(`Sent as key ID: "${signer.keyId}" (candidates: ${list}), with ${signer.algorithm}.`);
    const hint = notOffered(endpoints.algorithms, 'clientAssertion', signer.algorithm);
    if (hint) sent.push(hint);
  }
  if (aboutTheKey.has(error.code) || error.code === 'assertion-audience') {
    sent.push(`Sent as audience: "${profile.audience(endpoints, endpoints.token)}".`);
  }
  return error.with({ description: [error.description, ...sent].join(' ') });
}
