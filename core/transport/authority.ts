import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import type { Connect } from './connect';
import type { TlsIdentity } from './identity';

/** The authorities that an identity trusts: the well-known ones, its own ones, or both. */
export type TrustedAuthorities = 'wellKnown' | 'own' | 'both';

/** The failure of a handshake after the server showed its certificate. */
export class CertifiedFailure extends Error {
  /**
   * @param authority the issuer of the last certificate that the server sent, as the certificate names it
   * @param trusted the authorities that are trusted for the connection
   */
  constructor(
    override readonly cause: Error,
    readonly authority: string,
    readonly trusted: TrustedAuthorities,
  ) {
    super('Failed after the certificate');
  }
}

/** A connector that fails with a {@link CertifiedFailure}, so that a message can say which authority is missing. */
export function namingAuthority(
  connect: (...given: Parameters<Connect>) => unknown,
  { certificateAuthorities, trustsWellKnown }: TlsIdentity,
): Connect {
  const trusted = certificateAuthorities ? (trustsWellKnown ? 'both' : 'own') : 'wellKnown';
  return (options, callback, signal) => {
    let certificate: DetailedPeerCertificate | undefined;
    const socket = connect(
      options,
      (error, connected) => {
        if (!error) callback(null, connected);
        else if (!certificate) callback(error, null);
        else callback(new CertifiedFailure(error, issuerOf(certificate), trusted), null);
      },
      signal,
    );
    if (!(socket instanceof TLSSocket)) return;
    // Before Node.js verifies the certificate. If it is not trusted, Node.js ends the connection, and the certificate is gone.
    socket.prependOnceListener('secure', () => {
      certificate = socket.getPeerCertificate(true);
    });
  };
}

/** The issuer of the last certificate in a chain: its common name, or the name of its organization. */
function issuerOf(certificate: DetailedPeerCertificate): string {
  let last = certificate;
  // A certificate that signed itself is its own issuer. An empty object stands for no certificate.
  while (last.issuerCertificate && last.issuerCertificate !== last) last = last.issuerCertificate;
  const { CN: commonName, O: organization } = last.issuer ?? {};
  return String(commonName ?? organization ?? '');
}
