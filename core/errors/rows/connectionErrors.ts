import { rowsOf } from '../entry';

/** What goes wrong in the TLS handshake with the bank. */
export const tlsErrors = rowsOf('tls', {
  'server-certificate-unknown-authority': {
    recognised:
      'OpenSSL `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `SELF_SIGNED_CERT_IN_CHAIN`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `INVALID_PURPOSE` and the like',
    message:
      '<server> shows a certificate of a certificate authority that is not trusted here (<code>)',
    advice:
      'If the bank uses its own certificate authority, paste that authority\'s certificate into "Certificate Authorities" in the credential. Otherwise check the host name: something may stand between n8n and the bank.',
  },
  'server-certificate-expired': {
    recognised: 'OpenSSL `CERT_HAS_EXPIRED`, `CERT_NOT_YET_VALID`',
    message: '<server> shows a certificate that is expired or not valid yet (<code>)',
    advice:
      "The bank's certificate is outside its dates. Check the clock of this machine; if it is right, the bank has to renew.",
  },
  'server-certificate-hostname': {
    recognised: 'Node.js `ERR_TLS_CERT_ALTNAME_INVALID`',
    message: '<server> shows a certificate that was made for another name (<code>)',
    advice: 'Use the host name that the bank documents: its certificate was made for another name.',
  },
  'client-certificate-required': {
    recognised: 'TLS alert `certificate_required` (RFC 8446 §6.2)',
    message: '<server> demands a client certificate and saw none (<code>)',
    advice:
      'Check "Transport Certificate" and "Transport Private Key" in the credential, and that no proxy on the way opens the TLS connection.',
  },
  'client-certificate-refused': {
    recognised:
      'TLS alerts `unknown_ca`, `bad_certificate`, `certificate_expired`, `certificate_revoked`, `certificate_unknown`, `unsupported_certificate`, `access_denied`, `decrypt_error`',
    message: '<server> refused the client certificate: <reason> (<code>)',
    advice:
      'Use the transport certificate that was registered with this bank and has not expired or been revoked, together with its intermediate certificates.',
  },
  'tls-version-unsupported': {
    recognised: 'TLS alert `protocol_version`, or OpenSSL `ERR_SSL_UNSUPPORTED_PROTOCOL`',
    message: '<server> speaks no TLS version that is accepted here (<code>)',
    advice:
      'This package speaks TLS 1.2 and 1.3, as FAPI demands. Check host and port; if they are right, ask the bank for an endpoint with TLS 1.2.',
  },
  'tls-legacy-renegotiation': {
    recognised: 'OpenSSL `ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED`',
    message: '<server> renegotiates TLS in an old, unsafe way (<code>)',
    advice:
      'The server does not know secure renegotiation (RFC 5746), which OpenSSL 3 demands. Ask the bank to update it, or for another endpoint; a proxy on the way may be at fault, too.',
  },
  'tls-not-spoken': {
    recognised: 'OpenSSL `ERR_SSL_WRONG_VERSION_NUMBER`, `ERR_SSL_PACKET_LENGTH_TOO_LONG`',
    message: '<server> does not speak TLS on this port (<code>)',
    advice: 'Check host and port: this one answers in something other than TLS.',
  },
  'tls-handshake-failed': {
    recognised:
      'TLS alerts `handshake_failure`, `insufficient_security`, and every other failure of OpenSSL before a connection stands',
    message: '<server> <problem> (<code>)',
    advice:
      'Check host and port, and that the transport certificate is the one that was registered with this bank: over TLS 1.2 many banks break off so where they miss the client certificate or do not accept it. Otherwise both sides have no cipher or signature algorithm in common: ask the bank which it supports (this package speaks TLS 1.2 and 1.3).',
  },
  'client-certificate-unusable': {
    recognised: 'OpenSSL refuses to load the certificate and key for a connection',
    message: 'The transport certificate and key cannot be used for TLS (<code>)',
    advice:
      'Test the files with "openssl x509 -in certificate.pem -noout -text" and "openssl pkey -in key.pem -noout". Keys and signatures that OpenSSL holds for weak (RSA below 2048 bits, SHA-1) have to be replaced.',
  },
});

/** What goes wrong on the way to the bank, before and after the handshake. */
export const requestErrors = rowsOf('request', {
  'host-not-found': {
    recognised: 'Node.js `ENOTFOUND`, `EAI_AGAIN`',
    message: '<server> is a name that does not resolve (<code>)',
    advice: 'Check the host name in the credential, and the DNS of this machine. Nothing was sent.',
  },
  'connection-refused': {
    recognised: 'Node.js `ECONNREFUSED`, `EHOSTUNREACH`, `ENETUNREACH` and the like',
    message: '<server> cannot be reached from here (<code>)',
    advice:
      'Check host and port, and that a firewall lets this machine reach the bank; or the bank is down: try again later. Nothing was sent.',
  },
  'connect-timeout': {
    recognised: 'No connection, TLS handshake included, within "Connect Timeout"',
    message: '<server> did not accept a connection in time (<code>)',
    advice:
      'Check host and port, and that a firewall lets this machine reach the bank; or the bank is down: try again later. Nothing was sent. "Connect Timeout" in the credential sets how long is waited.',
  },
  timeout: {
    recognised: 'No complete answer within "Request Timeout"',
    message: '<server> did not answer in time',
    advice:
      'The bank may be slow at the moment. "Request Timeout" in the credential sets how long is waited.',
  },
  'connection-lost': {
    recognised:
      'Node.js `ECONNRESET`, undici `UND_ERR_SOCKET` and the like: the connection ended before an answer was complete, or right after the handshake',
    message: '<server> closed the connection before <event> (<code>)',
    advice:
      'Where this happens at every attempt, the bank may close connections whose client certificate it does not accept: check the transport certificate.',
  },
  'proxy-address': {
    recognised: 'HTTPS_PROXY in the environment is no address',
    message: 'HTTPS_PROXY in the environment of n8n is not an address',
    advice: 'Set HTTPS_PROXY to an address such as "http://proxy.example:3128", or unset it.',
  },
  'proxy-authentication': {
    recognised: 'The proxy answers CONNECT with status 407',
    message: '<server> cannot be reached through the proxy, which demands a log-in (407)',
    advice:
      'Put user name and password into HTTPS_PROXY in the environment of n8n: "http://user:password@proxy.example:3128".',
  },
  'proxy-refused': {
    recognised:
      'The proxy cannot be reached, does not resolve the name, or answers CONNECT with another status than 200',
    message: '<server> cannot be reached through the proxy (<code>)',
    advice:
      'Check HTTPS_PROXY and NO_PROXY in the environment of n8n, and that the proxy lets this machine reach the bank.',
  },
  'not-attempted': {
    recognised: 'Another item failed, or the execution was cancelled, before this item was begun',
    message: 'Another item failed before this one was begun',
    advice:
      'Nothing was sent for this item: what it holds can be used again. Mend the item that failed, or set "On Error" of the node to "Continue".',
  },
  'request-failed': {
    recognised: 'Any other failure on the way',
    message: '<server> could not be asked (<code>)',
    advice: 'Check host and port in the credential.',
  },
});
