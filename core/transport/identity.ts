/**
 * Who this side is on a mutual TLS connection (RFC 8705), and whom it trusts on the other.
 * Two identities with the same fingerprint are the same: they share connections.
 */
export interface TlsIdentity {
  /** Tells identities apart without holding a key: any digest over all the fields below. */
  readonly fingerprint: string;
  /** PEM, the client certificate first, its intermediates after it. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  /** For an encrypted private key. */
  readonly passphrase?: string;
  /** PEM bundle that replaces the well-known certificate authorities. */
  readonly certificateAuthorities?: string;
}

/** How long to wait. */
export interface Timeouts {
  /** Milliseconds until a connection, TLS handshake included, has to stand. */
  readonly connect: number;
  /** Milliseconds until the whole answer has to be there. */
  readonly request: number;
}
