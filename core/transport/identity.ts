/**
 * The client's certificate and key for mutual TLS (RFC 8705), and the certificate authorities that it trusts.
 * Identities with the same fingerprint share connections.
 */
export interface TlsIdentity {
  /** Distinguishes identities without containing a key: any digest over all the fields below. */
  readonly fingerprint: string;
  /** PEM, the client certificate first, its intermediates after it. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  /** Passphrase of an encrypted private key. */
  readonly passphrase?: string;
  /** PEM bundle of the certificate authorities to trust; the well-known ones if it is not given. */
  readonly certificateAuthorities?: string;
  /** Whether that bundle contains the well-known authorities, too. */
  readonly trustsWellKnown?: boolean;
}

/** Limits on waiting. */
export interface Timeouts {
  /** Milliseconds within which a connection must be established, TLS handshake included. */
  readonly connect: number;
  /** Milliseconds within which the whole answer must arrive. */
  readonly request: number;
}
