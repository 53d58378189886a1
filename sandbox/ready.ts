import type { RegimeName } from './regimes/regime';

/** The PEM files of a third party, as absolute paths. */
export interface SandboxFiles {
  /** Root certificate that signed the bank's and the third parties' certificates. */
  certificateAuthority: string;
  /** Leaf and intermediate of the certificate of `clientId` and `tlsClientId`. */
  clientCertificate: string;
  /** Private key of `clientCertificate`, PKCS#8. */
  clientKey: string;
  /** The same key as encrypted PKCS#8; its passphrase is `sandbox`. */
  encryptedClientKey: string;
  /** Leaf and intermediate of the certificate of `otherClientId`. */
  otherClientCertificate: string;
  /** Private key of `otherClientCertificate`, PKCS#8. */
  otherClientKey: string;
  /** A client certificate from an authority that the bank does not know. */
  untrustedClientCertificate: string;
  /** Private key of `untrustedClientCertificate`, PKCS#8. */
  untrustedClientKey: string;
  /** Leaf and intermediate of the next certificate of `clientId` and `tlsClientId`, with the same subject. */
  nextClientCertificate: string;
  /** Private key of `nextClientCertificate`, PKCS#8, which `clientId` has registered as its second key. */
  nextClientKey: string;
  /** The certificate of `selfSignedClientId`. */
  selfSignedCertificate: string;
  /** Private key of `selfSignedCertificate`, PKCS#8. */
  selfSignedKey: string;
  /** The key for which the bank encrypts ID tokens in the regimes that want it, PKCS#8. */
  clientEncryptionKey: string;
}

/** The message of the sandbox to its parent process (IPC) when both ports are open. */
export interface SandboxReady {
  type: 'ready';
  /** Origin of the identity server, such as `https://localhost:9446`. */
  identityUrl: string;
  /** Origin of the API gateway, such as `https://localhost:8243`. */
  gatewayUrl: string;
  /** The regime that the bank plays. */
  regime: RegimeName;
  /** Issuer identifier. WSO2's default is the URL of the token endpoint; in other regimes it is `identityUrl`. */
  issuer: string;
  /** Base address of the account API of the regime, without a slash at its end. */
  accountApiUrl: string;
  /** Client that authenticates with `private_key_jwt` (PS256). */
  clientId: string;
  /** Client that authenticates with `tls_client_auth` and the same certificate. */
  tlsClientId: string;
  /** A second `private_key_jwt` client with a certificate of its own. */
  otherClientId: string;
  /** Client that authenticates with `client_secret_basic`, over mutual TLS with the certificate of `clientId`. WSO2 only. */
  secretBasicClientId: string;
  /** Client that authenticates with `client_secret_post`, over mutual TLS with the certificate of `clientId`. WSO2 only. */
  secretPostClientId: string;
  /** Secret of both. It has characters that `client_secret_basic` encodes (RFC 6749 section 2.3.1). */
  clientSecret: string;
  /** Client that authenticates with `self_signed_tls_client_auth`. */
  selfSignedClientId: string;
  /** Redirect URI that all clients have registered: a page that shows the address. They have also registered those of the command line. */
  redirectUri: string;
  /** Scope that all clients have registered, separated by spaces. */
  scope: string;
  /** Absolute path of the directory of `files`. */
  directory: string;
  files: SandboxFiles;
}

/** The client certificate of a request. */
export interface JournalCertificate {
  /** Subject as an RFC 4514 string. */
  subject: string;
  /** SHA-256 thumbprint, base64url (RFC 8705 section 3.1). */
  x5t_s256: string;
  pem: string;
}

/** A request that the bank received: an element of the answer to `GET /sandbox/requests`. */
export interface JournalEntry {
  /** Time of arrival, ISO 8601, UTC. */
  at: string;
  server: 'identity' | 'gateway';
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Form parameters. A repeated parameter is an array. Empty if no form was posted. */
  form: Record<string, string | string[]>;
  certificate: JournalCertificate | null;
  tls: {
    /** Such as `TLSv1.3`. */
    protocol: string;
    /** Serial number of the TLS connection at this server, from 1. */
    connection: number;
  };
  /** HTTP status of the answer; `null` before the answer. */
  status: number | null;
  /** The error of the bank's refusal, if it refused the request. */
  error: { error: string; error_description?: string } | null;
}

/** Numbers of TLS connections that the servers have accepted since their start. */
export interface SandboxConnections {
  identity: number;
  gateway: number;
}

/** The answer to `POST /sandbox/authorization`: a consent that a robot customer has approved. */
export interface SandboxAuthorization {
  /** The whole redirect address, with its fragment. */
  redirect_url: string;
  code: string;
  id_token: string;
  state: string;
  nonce: string;
  consent_id: string;
}
