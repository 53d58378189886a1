import { rowsOf } from '../entry';

/** What goes wrong in the TLS handshake with the bank. */
export const tlsErrors = rowsOf('tls', {
  'server-certificate-unknown-authority': [
    'OpenSSL `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `SELF_SIGNED_CERT_IN_CHAIN`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `INVALID_PURPOSE` and the like',
    '<host and field> shows a certificate of a certificate authority that is not trusted here (<code>)',
    'If the bank uses its own certificate authority, paste that authority\'s certificate into "Certificate Authorities" in the credential. Otherwise check the host name: something may stand between n8n and the bank.',
  ],
  'server-certificate-expired': [
    'OpenSSL `CERT_HAS_EXPIRED`, `CERT_NOT_YET_VALID`',
    '<host and field> shows a certificate that is expired or not valid yet (<code>)',
    "The bank's certificate is outside its dates. Check the clock of this machine; if it is right, the bank has to renew.",
  ],
  'server-certificate-hostname': [
    'Node.js `ERR_TLS_CERT_ALTNAME_INVALID`',
    '<host and field> shows a certificate that was made for another name (<code>)',
    'Use the host name that the bank documents: its certificate was made for another name.',
  ],
  'client-certificate-required': [
    'TLS alert `certificate_required` (RFC 8446 §6.2)',
    '<host and field> demands a client certificate and saw none (<code>)',
    'Check "Transport Certificate" and "Transport Private Key" in the credential, and that no proxy on the way opens the TLS connection.',
  ],
  'client-certificate-refused': [
    'TLS alerts `unknown_ca`, `bad_certificate`, `certificate_expired`, `certificate_revoked`, `certificate_unknown`, `unsupported_certificate`, `access_denied`, `decrypt_error`',
    '<host and field> refused the client certificate: <reason> (<code>)',
    'Use the transport certificate that was registered with this bank and has not expired or been revoked, together with its intermediate certificates.',
  ],
  'tls-version-unsupported': [
    'TLS alert `protocol_version`, or OpenSSL `ERR_SSL_UNSUPPORTED_PROTOCOL`',
    '<host and field> speaks no TLS version that is accepted here (<code>)',
    'This package speaks TLS 1.2 and 1.3, as FAPI demands. Check host and port; if they are right, ask the bank for an endpoint with TLS 1.2.',
  ],
  'tls-legacy-renegotiation': [
    'OpenSSL `ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED`',
    '<host and field> renegotiates TLS in an old, unsafe way (<code>)',
    'The server does not know secure renegotiation (RFC 5746), which OpenSSL 3 demands. Ask the bank to update it, or for another endpoint; a proxy on the way may be at fault, too.',
  ],
  'tls-not-spoken': [
    'OpenSSL `ERR_SSL_WRONG_VERSION_NUMBER`, `ERR_SSL_PACKET_LENGTH_TOO_LONG`',
    '<host and field> does not speak TLS on this port (<code>)',
    'Check host and port: this one answers in something other than TLS.',
  ],
  'tls-handshake-failed': [
    'TLS alerts `handshake_failure`, `insufficient_security`, and every other failure of OpenSSL before a connection stands',
    '<host and field> <broke off or found nothing in common> (<code>)',
    'Check host and port, and that the transport certificate is the one that was registered with this bank: over TLS 1.2 many banks break off so where they miss the client certificate or do not accept it. Otherwise both sides have no cipher or signature algorithm in common: ask the bank which it supports (this package speaks TLS 1.2 and 1.3).',
  ],
  'client-certificate-unusable': [
    'OpenSSL refuses to load the certificate and key for a connection',
    'The transport certificate and key cannot be used for TLS (<code>)',
    'Test the files with "openssl x509 -in certificate.pem -noout -text" and "openssl pkey -in key.pem -noout". Keys and signatures that OpenSSL holds for weak (RSA below 2048 bits, SHA-1) have to be replaced.',
  ],
});

/** What goes wrong on the way to the bank, before and after the handshake. */
export const requestErrors = rowsOf('request', {
  'host-not-found': [
    'Node.js `ENOTFOUND`, `EAI_AGAIN`',
    '<host and field> is a name that does not resolve (<code>)',
    'Check the host name in the credential, and the DNS of this machine. Nothing was sent.',
  ],
  'connection-refused': [
    'Node.js `ECONNREFUSED`, `EHOSTUNREACH`, `ENETUNREACH` and the like',
    '<host and field> cannot be reached from here (<code>)',
    'Check host and port, and that a firewall lets this machine reach the bank; or the bank is down: try again later. Nothing was sent.',
  ],
  'connect-timeout': [
    'No connection, TLS handshake included, within "Connect Timeout"',
    '<host and field> did not accept a connection in time (<code>)',
    'Check host and port, and that a firewall lets this machine reach the bank; or the bank is down: try again later. Nothing was sent. "Connect Timeout" in the credential sets how long is waited.',
  ],
  timeout: [
    'No complete answer within "Request Timeout"',
    '<host and field> did not answer in time',
    'The bank may be slow at the moment. "Request Timeout" in the credential sets how long is waited.',
  ],
  'connection-lost': [
    'Node.js `ECONNRESET`, undici `UND_ERR_SOCKET` and the like: the connection ended before an answer was complete, or right after the handshake',
    '<host and field> closed the connection before <what was missing> (<code>)',
    'Where this happens at every attempt, the bank may close connections whose client certificate it does not accept: check the transport certificate.',
  ],
  'proxy-address': [
    'HTTPS_PROXY in the environment is no address',
    'HTTPS_PROXY in the environment of n8n is not an address',
    'Set HTTPS_PROXY to an address such as "http://proxy.example:3128", or unset it.',
  ],
  'proxy-authentication': [
    'The proxy answers CONNECT with status 407',
    '<host and field> cannot be reached through the proxy, which demands a log-in (407)',
    'Put user name and password into HTTPS_PROXY in the environment of n8n: "http://user:password@proxy.example:3128".',
  ],
  'proxy-refused': [
    'The proxy cannot be reached, does not resolve the name, or answers CONNECT with another status than 200',
    '<host and field> cannot be reached through the proxy (<code>)',
    'Check HTTPS_PROXY and NO_PROXY in the environment of n8n, and that the proxy lets this machine reach the bank.',
  ],
  'not-attempted': [
    'Another item failed, or the execution was cancelled, before this item was begun',
    'Another item failed before this one was begun',
    'Nothing was sent for this item: what it holds can be used again. Mend the item that failed, or set "On Error" of the node to "Continue".',
  ],
  'request-failed': [
    'Any other failure on the way',
    '<host and field> could not be asked (<code>)',
    'Check host and port in the credential.',
  ],
});
