import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/** The option `checkServerIdentity` of a connection: it takes the name that Node.js expects, and returns an error or nothing. */
export type ServerIdentityCheck = (expected: string, peer: PeerCertificate) => Error | undefined;

/**
 * A check that the certificate of a server is for this name, whatever name Node.js expects.
 *
 * @param name a host name, or an IP address without brackets
 */
export function verifyName(name: string): ServerIdentityCheck {
  return (_expected, peer) => checkServerIdentity(name, peer);
}
