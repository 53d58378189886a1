import type { MessageDetails, ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { requestErrors, tlsErrors } from '../errors/rows/connectionErrors';
import { CertifiedFailure, type TrustedAuthorities } from './authority';
import { plainText } from '../lib/displayText';
import { ConnectFailure, ConnectTimeout } from './connect';
import { HTTP2 } from './http2';
import { innermostCode } from './innermostCode';
import { proxyFailure } from './proxyFailures';
import { BlockedAddress, blockedAddress } from './reach';
import { ProxyFailure } from './tunnel';
import { isBeforeAnyAnswer, MalformedAnswer } from './wire';

/** A code that an error of undici, Node.js or OpenSSL leads to. */
type FailureCode =
  | Exclude<keyof typeof tlsErrors, 'client-certificate-unusable'>
  | Exclude<
      keyof typeof requestErrors,
      'not-attempted' | 'cancelled' | 'timeout' | 'address-blocked' | 'proxy-failed'
    >
  | 'response-unexpected'
  | 'response-too-large';

/** Problems that no such error shows. */
type OtherProblem = 'body' | 'encoding' | 'redirect';

/** A failure by its code, with its problem if the code has several. */
type Failure<Code extends FailureCode = FailureCode> = Code extends FailureCode
  ? {
      code: Code;
      /** The next step for this cause, if the catalogue has one for several causes. */
      advice?: string;
    } & ([ProblemOf<Code>] extends [never]
      ? { problem?: undefined }
      : { problem: Exclude<ProblemOf<Code>, OtherProblem> })
  : never;

/** Problem and values of any of these codes. */
type Pair = MessageDetails<FailureCode>;

const untrusted: Failure = { code: 'server-certificate-unknown-authority' };
/** The next step, by the authorities that are trusted. The catalogue has the one for the well-known authorities. */
const adviceOnAuthority: Partial<Record<TrustedAuthorities, string>> = {
  own: '"Certificate Authorities" in the credential replaces the well-known authorities, and this authority is not in it. If it is a well-known one, switch "Also Trust Well-Known Authorities" on. Otherwise add its certificate to the field. If you do not expect this authority, check the host name: another server may answer between n8n and the bank.',
  both: 'It is neither a well-known authority nor in "Certificate Authorities" in the credential: add its certificate to the field. If you do not expect this authority, check the host name: another server may answer between n8n and the bank.',
};
const serverDates: Failure = { code: 'server-certificate-expired' };
const otherName: Failure = { code: 'server-certificate-hostname' };
const refusedCertificate = (problem: ProblemOf<'client-certificate-refused'>): Failure => ({
  code: 'client-certificate-refused',
  problem,
});
const noCommonVersion: Failure = { code: 'tls-outdated', problem: 'version' };
const handshakeFailed: Failure = { code: 'tls-handshake-failed', problem: 'brokenOff' };
const notTls: Failure = { code: 'tls-handshake-failed', problem: 'noTls' };

const noHttp1: Failure = {
  code: 'tls-handshake-failed',
  problem: 'noHttp1',
  advice:
    'This package speaks HTTP/1.1, and the server only another version, such as HTTP/2. Check host and port. If they are right, ask the bank for an endpoint with HTTP/1.1.',
};

/** Alerts with which a server ends a handshake (RFC 8446 §6.2). */
const handshakeAlerts: Partial<Record<string, Failure>> = {
  CERTIFICATE_REQUIRED: refusedCertificate('required'),
  UNKNOWN_CA: refusedCertificate('unknownAuthority'),
  BAD_CERTIFICATE: refusedCertificate('unacceptable'),
  CERTIFICATE_EXPIRED: refusedCertificate('expired'),
  CERTIFICATE_REVOKED: refusedCertificate('revoked'),
  CERTIFICATE_UNKNOWN: refusedCertificate('unknown'),
  UNSUPPORTED_CERTIFICATE: refusedCertificate('kind'),
  ACCESS_DENIED: refusedCertificate('access'),
  DECRYPT_ERROR: refusedCertificate('signature'),
  // A TLS 1.2 server also sends this if the client certificate is missing (RFC 5246 §7.4.6).
  HANDSHAKE_FAILURE: handshakeFailed,
  PROTOCOL_VERSION: noCommonVersion,
  NO_APPLICATION_PROTOCOL: noHttp1,
  INSUFFICIENT_SECURITY: { code: 'tls-handshake-failed', problem: 'nothingInCommon' },
};

const noConnection: Failure = {
  code: 'host-unreachable',
  problem: 'noConnection',
  advice:
    'Check host and port, and that a firewall lets this machine reach the bank. The bank may be down: try again later. Nothing was sent.',
};
const unresolved: Failure = {
  code: 'host-unreachable',
  problem: 'unresolved',
  advice: 'Check the host name, and the DNS of this machine. Nothing was sent.',
};
const connectTimeout: Failure = {
  code: 'host-unreachable',
  problem: 'timeout',
  advice:
    'Check host and port, and that a firewall lets this machine reach the bank. The bank may be down: try again later. Nothing was sent. To wait longer, raise "Connect Timeout" in the credential.',
};
const hungUp: Failure = { code: 'connection-lost', problem: 'beforeRequest' };

/** Failures of a connection, by codes of Node.js, undici and OpenSSL. */
const connectFailures: Partial<Record<string, Failure>> = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  ECONNREFUSED: noConnection,
  EHOSTUNREACH: noConnection,
  ENETUNREACH: noConnection,
  EADDRNOTAVAIL: noConnection,
  EACCES: noConnection,
  EPERM: noConnection,
  ETIMEDOUT: connectTimeout,
  UND_ERR_CONNECT_TIMEOUT: connectTimeout,
  ECONNRESET: hungUp,
  EPIPE: hungUp,

  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_REJECTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  INVALID_CA: untrusted,
  INVALID_PURPOSE: untrusted,
  CERT_HAS_EXPIRED: serverDates,
  CERT_NOT_YET_VALID: serverDates,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,

  ERR_SSL_UNSUPPORTED_PROTOCOL: noCommonVersion,
  ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED: { code: 'tls-outdated', problem: 'renegotiation' },
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
};

const lost: Failure = { code: 'connection-lost', problem: 'beforeAnswer' };
const lostAmidAnswer: Failure = {
  ...lost,
  advice:
    'The bank accepted the connection and began to answer. If this happens every time, show this message to the bank, or ask who runs a proxy or firewall between n8n and the bank.',
};
const notHttp: Failure = { code: 'response-unexpected', problem: 'notHttp' };
const tooManyHeaders: Failure = { code: 'response-too-large', problem: 'headers' };
const malformed: Failure = {
  code: 'response-unexpected',
  problem: 'malformed',
  advice:
    'The bank, or a gateway in front of it, answers in a way that breaks the rules of HTTP. Show this message to the bank. The transport certificate is not the cause.',
};
const otherFailure: Failure = { code: 'request-failed' };

/** Failures after a request was handed to a connection. */
const exchangeFailures: Partial<Record<string, Failure>> = {
  ECONNRESET: lost,
  EPIPE: lost,
  ETIMEDOUT: lost,
  EHOSTUNREACH: lost,
  ENETUNREACH: lost,
  UND_ERR_SOCKET: lost,
  HTTPParserError: lost,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: lost,
};

/**
 * Explains a failure of undici, Node.js or OpenSSL.
 * The result has only the code of the original error, which may contain the private key and the request.
 *
 * @param server its name in the message: host and port in quotes, and the setting that the address comes from
 * @param begun whether any of the request was handed to a connection
 * @param wasAnswered whether any of an answer came
 */
export function transportFailure(
  error: unknown,
  server: string,
  begun: boolean,
  wasAnswered = false,
): OpenBankingError {
  if (error instanceof OpenBankingError) return error;
  const cause = error instanceof ConnectFailure ? error.cause : error;
  if (cause instanceof BlockedAddress) return blockedAddress(cause.refusal, server);
  if (cause instanceof ProxyFailure) return proxyFailure(cause, server);
  const code = innermostCode(error);
  const alert = isBeforeAnyAnswer(error) ? handshakeAlert(code) : undefined;
  const {
    code: name,
    problem,
    advice,
  } = begun ? (alert ?? exchangeFailure(error, code, wasAnswered)) : connectFailure(code, cause);
  const values = { server, reason: code || 'no error code', authority: authorityOf(cause) };
  // `Failure` has paired them. TypeScript compares at most 25 pairs by itself.
  const details = { problem, values } as Pair;
  return new OpenBankingError(name, {
    ...details,
    ...(advice && { description: advice }),
    outcome: begun && !alert ? 'unknown' : 'not-sent',
  });
}

/** The failure of an answer that does not arrive in time. */
export function timedOut(server: string, begun: boolean): OpenBankingError {
  return begun
    ? new OpenBankingError('timeout', { values: { server } })
    : transportFailure(new ConnectTimeout(), server, false);
}

/** The meaning of an alert. The words of OpenSSL before its name differ from version to version. */
function handshakeAlert(code: string): Failure | undefined {
  const [, alert] = /^ERR_SSL_.*ALERT_(\w+)$/.exec(code) ?? [];
  return alert === undefined ? undefined : handshakeAlerts[alert];
}

function exchangeFailure(error: unknown, code: string, wasAnswered: boolean): Failure {
  if (error instanceof MalformedAnswer) {
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return tooManyHeaders;
    if (code === HTTP2) return noHttp1;
    return code.startsWith('Expected HTTP') ? notHttp : malformed;
  }
  const failure = code.startsWith('ERR_SSL_') ? lost : (exchangeFailures[code] ?? otherFailure);
  return failure === lost && wasAnswered ? lostAmidAnswer : failure;
}

function connectFailure(code: string, cause: unknown): Failure {
  const known = handshakeAlert(code) ?? connectFailures[code];
  if (known === untrusted && cause instanceof CertifiedFailure) {
    const advice = adviceOnAuthority[cause.trusted];
    return { ...untrusted, ...(advice && { advice }) };
  }
  return known ?? (code.startsWith('ERR_SSL_') ? handshakeFailed : otherFailure);
}

/** The missing authority, for a message. */
function authorityOf(cause: unknown): string {
  const name = cause instanceof CertifiedFailure ? plainText(cause.authority) : '';
  return name ? `the authority "${name}"` : 'a certificate authority';
}
