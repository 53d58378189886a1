import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, isIPv6, type Socket } from 'node:net';
import { ConnectTimeout, type Connect } from './connect';
import type { Proxy } from './proxy';
import { userAgent } from './userAgent';

/** A proxy did not open a tunnel. */
export class ProxyFailure extends Error {
  /** @param cause the error of the connection to the proxy, or the answer of the proxy */
  constructor(
    readonly proxy: Proxy,
    override readonly cause: Error | ProxyAnswer,
  ) {
    super('No tunnel');
  }
}

/** The answer of a proxy that opens no tunnel. */
export interface ProxyAnswer {
  readonly status: number;
  /** Ways to log in that it offers (RFC 9110 §11.7.1), as far as they are known here. */
  readonly logIns: readonly string[];
}

/**
 * Connects through a tunnel of a proxy. The proxy sees host and port of the server, and nothing of what the tunnel carries.
 *
 * The certificate of a proxy with TLS is verified with the well-known authorities.
 *
 * @param connect makes a TLS connection to the server over a given socket
 * @returns a connector that fails with a {@link ProxyFailure} if there is no tunnel, and otherwise as `connect` does
 */
export function tunnelled(connect: Connect, proxy: Proxy): Connect {
  return (options, callback, signal) => {
    const { hostname, port } = options;
    const target = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port || 443}`;
    const fail = (cause: Error | ProxyAnswer) => callback(new ProxyFailure(proxy, cause), null);
    const request = (proxy.scheme === 'https' ? tlsRequest : plainRequest)({
      method: 'CONNECT',
      host: proxy.hostname,
      port: proxy.port,
      path: target,
      headers: {
        Host: target,
        'User-Agent': userAgent,
        'Proxy-Connection': 'keep-alive',
        ...(proxy.authorization && { 'Proxy-Authorization': proxy.authorization }),
      },
      // Otherwise Node.js takes the name from the header "Host".
      servername: isIP(proxy.hostname) ? '' : proxy.hostname,
      // The socket becomes the tunnel, so no agent may own it.
      agent: false,
      // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment of n8n changes the default.
      rejectUnauthorized: true,
      signal,
    });
    let end = () => fail(new ConnectTimeout());
    signal.addEventListener('abort', () => end(), { once: true });
    request
      .on('error', fail)
      .once('connect', ({ statusCode: status = 0, headers }, socket: Socket, head: Buffer) => {
        end = () => socket.destroy();
        if (status < 200 || status > 299) {
          socket.on('error', () => undefined).destroy();
          fail({ status, logIns: logInsOf(headers['proxy-authenticate']) });
          return;
        }
        if (head.length > 0) socket.unshift(head);
        connect({ ...options, httpSocket: socket }, callback, signal);
      })
      .end();
  };
}

/** The known schemes of a challenge. The other words in it are those of the proxy. */
function logInsOf(challenge: string | string[] = ''): string[] {
  const known = ['Basic', 'Digest', 'NTLM', 'Negotiate', 'Kerberos', 'Bearer'];
  const text = String(challenge);
  return known.filter((scheme) => new RegExp(`(?:^|,)\\s*${scheme}(?=[\\s,]|$)`, 'i').test(text));
}
