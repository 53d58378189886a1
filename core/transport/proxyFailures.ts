import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import { innermostCode } from './innermostCode';
import { ENCODING_ADVICE } from './proxy';
import type { ProxyAnswer, ProxyFailure } from './tunnel';

/** The problem of a proxy, the reason in brackets, and the next step if it is another than that of the catalogue. */
interface Explanation {
  readonly problem: Exclude<ProblemOf<'proxy-failed'>, 'address' | 'scheme'>;
  readonly reason: string;
  readonly advice?: string;
}

/**
 * Explains why a proxy opened no tunnel. The message names the proxy without its user name and password.
 *
 * @param server its name in the message
 * @returns the error `proxy-failed`
 */
export function proxyFailure({ proxy, cause }: ProxyFailure, server: string): OpenBankingError {
  const isLoggedIn = proxy.authorization !== undefined;
  const { problem, reason, advice } =
    'status' in cause ? explainAnswer(cause, isLoggedIn) : explainError(innermostCode(cause));
  return new OpenBankingError('proxy-failed', {
    problem,
    values: { server, proxy: proxy.label, reason },
    ...(advice && { description: `${advice} Nothing was sent.` }),
    outcome: 'not-sent',
  });
}

function explainAnswer({ status, logIns }: ProxyAnswer, isLoggedIn: boolean): Explanation {
  const reason = [status, ...logIns].join(', ');
  if (status !== 407) return { problem: 'unreachable', reason };
  if (logIns.length > 0 && !logIns.includes('Basic')) {
    return {
      problem: 'logInKind',
      reason,
      advice:
        'This package logs in with Basic only. Ask who runs the proxy for a log-in with Basic, or for an exception for this machine.',
    };
  }
  return isLoggedIn
    ? {
        problem: 'logInRefused',
        reason,
        advice: `Compare user name and password in the address of the proxy with those that the proxy knows. ${ENCODING_ADVICE}`,
      }
    : {
        problem: 'logIn',
        reason,
        advice:
          'Write user name and password into the address of the proxy: "http://user:password@proxy.example:3128".',
      };
}

/** @param code of Node.js or OpenSSL */
function explainError(code: string): Explanation {
  const reason = code || 'no error code';
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return {
        problem: 'unreachable',
        reason,
        advice:
          'The proxy did not answer in time. Check its address and that it lets this machine reach the bank. To wait longer, raise "Connect Timeout" in the credential.',
      };
    case 'EPROTO':
      return notTls(reason);
    default:
      if (code.startsWith('ERR_SSL_')) return notTls(reason);
      if (!isCertificateCode(code)) return { problem: 'unreachable', reason };
      return {
        problem: 'certificate',
        reason,
        advice:
          'If its authority is your own, name a file with the certificate of the authority in NODE_EXTRA_CA_CERTS in the environment of n8n. "Certificate Authorities" in the credential is for the bank alone.',
      };
  }
}

function notTls(reason: string): Explanation {
  return {
    problem: 'handshake',
    reason,
    advice:
      'The address of the proxy begins with "https://", and most proxies accept connections without TLS only. Change the address so that it begins with "http://".',
  };
}

/** Whether Node.js does not accept a certificate: OpenSSL's codes have no prefix of their own. */
function isCertificateCode(code: string): boolean {
  return /CERT|^UNABLE_TO_|^INVALID_(CA|PURPOSE)$/.test(code);
}
