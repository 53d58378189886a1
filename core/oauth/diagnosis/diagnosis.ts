import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { certificateDates, exchangeFaults } from '../../keys/certificateDates';
import { reachesAccountApi } from './accountApiReach';
import { ClockComparison } from './clockComparison';
import type { Bank } from '../bank/bank';
import type { Endpoints } from '../../profile/endpoints';
import { bindingRemarks, clientRemarks } from '../../profile/bankOffers';
import type { Profile } from '../../profile/profile';
import { assertRedirectUri } from '../../profile/redirectUri';
import { requestsIdToken } from '../../profile/scope';
import { isUnreadableRefusal } from '../grants/refusals';
import { requestTokens } from '../grants/tokenEndpoint';
import type { HttpResponse } from '../../transport/send';
import type { Grant } from '../grants/tokenRequest';

/** The result of a test of the settings. It contains no secret. */
export interface Diagnosis {
  /** The facts that the test has proven, in order. */
  readonly proven: string[];
  /** The first failure to fix; `undefined` if there is none. */
  readonly failure?: OpenBankingError;
  /** Warnings that are not part of the failure. */
  readonly notices: OpenBankingError[];
  /** Seconds by which this machine is ahead of the bank; `undefined` if no answer had a date. */
  readonly clockOffset?: number;
}

/**
 * Tests a client: first without the network, then TLS with the client certificate, then whether the token endpoint accepts the client, and
 * then TLS to the account API. It uses up no code and no refresh token. It requests an application token only if the refusal of a made-up code is inconclusive.
 */
export async function diagnose(bank: Bank): Promise<Diagnosis> {
  const proven: string[] = [];
  const notices: OpenBankingError[] = [];
  const clock = new ClockComparison();
  let failure: OpenBankingError | undefined;
  try {
    await walk(bank, proven, notices, clock);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    failure = clock.explains(error) ?? explainedByCertificate(error, notices) ?? error;
  }
  const warnings = [...notices, ...clock.notices()];
  return {
    proven,
    ...(failure && { failure }),
    notices: failure ? warnings.filter((warning) => !isPartOf(failure, warning)) : warnings,
    clockOffset: clock.offset,
  };
}

/** Whether a failure contains a warning or makes it irrelevant for now: an expired certificate is replaced, so its other defects do not matter. */
function isPartOf(failure: OpenBankingError, { message }: OpenBankingError): boolean {
  if (failure.text.includes(message)) return true;
  // The bank's server has not seen the certificate yet.
  if (failure.code === 'server-certificate-unknown-authority') return true;
  const [expired] = /^"[^"]+"/.exec(failure.message) ?? [];
  return failure.code === 'certificate-expired' && message.startsWith(expired!);
}

async function walk(
  bank: Bank,
  proven: string[],
  notices: OpenBankingError[],
  clock: ClockComparison,
): Promise<void> {
  const { profile } = bank;
  notices.push(...profile.notices, ...certificateDates(profile));
  // Only the dates of the transport certificate matter to a TLS server.
  const [own] = certificateDates({ validity: profile.validity.slice(0, 1) });
  if (own && isOver(own)) throw own;
  const [fault] = exchangeFaults(profile);
  if (fault) throw fault;
  proven.push('The certificate and its private key belong together.');
  if (profile.redirectUri) assertRedirectUri(profile.redirectUri);

  const endpoints = await bank.endpoints();
  notices.push(...clientRemarks(profile, endpoints), ...bindingRemarks(endpoints));
  await proveClient(profile, endpoints, proven, clock);

  if (endpoints.refresh.url !== endpoints.token.url) {
    const answered = await answersRefresh(profile, endpoints, clock);
    const { host } = new URL(endpoints.refresh.url);
    const isOther = host !== new URL(endpoints.token.url).host;
    if (answered && isOther) proven.push(`So does TLS to "${host}", which refreshes tokens.`);
  }
  const { accountApi } = profile;
  if (accountApi && (await reachesAccountApi(profile, accountApi))) {
    proven.push(`The account API at "${new URL(accountApi.url).host}" answers, over TLS.`);
  }
  if (requestsIdToken(profile.scope)) {
    await bank.ensureKeys();
    proven.push('The keys of its ID tokens are at hand.');
  }
}

/** Failures that a refused client certificate causes: an alert, or only the end of the connection. */
const refusedCertificate = new Set<ErrorCode>([
  'client-certificate-refused',
  'tls-handshake-failed',
  'connection-lost',
]);

/** Reasons for a bank to refuse a certificate, the likeliest first. */
const reasonsToRefuse: ErrorCode[] = [
  'certificate-expired',
  'certificate-purpose',
  'intermediate-missing',
];

/** The failure, with a warning about the certificate in front of its own advice; `undefined` if no warning explains the failure. */
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
    description: `${reason.text} ${error.description}`,
  });
}

/** Whether a certificate cannot be used now. With other warnings about dates it can be used. */
function isOver({ code }: OpenBankingError): boolean {
  return code === 'certificate-expired' || code === 'certificate-not-yet-valid';
}

/**
 * Sends a made-up refresh token to the refresh endpoint. Any answer proves that TLS works, unless it shows that another server answered.
 * A missing answer is inconclusive, because a bank may not answer an unknown token.
 */
async function answersRefresh(
  profile: Profile,
  endpoints: Endpoints,
  clock: ClockComparison,
): Promise<boolean> {
  const grant = { type: 'refresh_token', refreshToken: randomUUID() } as const;
  try {
    const refused = await refusalOf(profile, endpoints, grant, clock);
    if (refused?.code === 'wrong-server') throw refused;
    return true;
  } catch (error) {
    const { code } = error as OpenBankingError;
    if (code === 'timeout' || code === 'connection-lost') return false;
    throw error;
  }
}

/** Refusals that do not show whether the client was accepted: banks check these things before or after the client. */
const inconclusive = new Set<ErrorCode>([
  'invalid-grant',
  'bank-refused',
  'invalid-scope',
  'unauthorized-client',
  'access-denied',
]);

/** Whether a refusal does not show if the client was accepted. */
function isInconclusive(error: OpenBankingError): boolean {
  return inconclusive.has(error.code) || isUnreadableRefusal(error);
}

/** Refusals of a code. A bank checks the code after it has accepted the client (RFC 6749 §4.1.3). */
const aboutTheCode = new Set<ErrorCode>([
  'invalid-grant',
  'code-unknown',
  'code-used',
  'redirect-uri-mismatch',
  'pkce-failed',
]);

/**
 * Sends a made-up code: a bank refuses it only after it has accepted the client. If the refusal is inconclusive, requests an application
 * token. This is not the first step, because WSO2 ends the last application token of a client when it grants another one.
 */
async function proveClient(
  profile: Profile,
  endpoints: Endpoints,
  proven: string[],
  clock: ClockComparison,
): Promise<void> {
  const { scope, redirectUri, authentication } = profile;
  const known = `The bank knows the client and its ${authentication.secret === undefined ? 'key' : 'secret'}:`;
  const tls = `TLS to "${new URL(endpoints.token.url).host}" stands; the client certificate was shown if the bank asked for it.`;
  const ask = (grant: Grant) => refusalOf(profile, endpoints, grant, clock);
  const code = randomUUID();
  const madeUp = { type: 'authorization_code', code, scope } as const;
  const refused = await ask({ ...madeUp, redirectUri: redirectUri || 'https://localhost/' });
  proven.push(tls);
  if (refused && aboutTheCode.has(refused.code)) {
    proven.push(`${known} it refused nothing but a made-up code.`);
    return;
  }
  if (refused && !isInconclusive(refused)) {
    throw refused;
  }
  const second = await ask({ type: 'client_credentials', scope });
  if (!second) {
    proven.push(`${known} it granted an application token.`);
    return;
  }
  if (!isInconclusive(second)) throw second;
  throw second.with({
    description: `This answer does not show whether the bank accepted the client. ${second.description}`,
  });
}

async function refusalOf(
  profile: Profile,
  endpoints: Endpoints,
  grant: Grant,
  clock: ClockComparison,
): Promise<OpenBankingError | undefined> {
  try {
    const onAnswer = (answer: HttpResponse) => clock.add(answer);
    const { violation } = await requestTokens(profile, endpoints, grant, { onAnswer });
    return violation;
  } catch (error) {
    if (error instanceof OpenBankingError && isAnswer(error)) return error;
    throw error;
  }
}

function isAnswer({ stage }: OpenBankingError): boolean {
  return stage === 'authorization-server' || stage === 'response';
}
