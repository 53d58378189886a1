import { rowsOf } from '../entry';

/** Failures of the TLS handshake with the bank. */
export const tlsErrors = rowsOf('tls', {
  'server-certificate-unknown-authority': {
    recognized:
      'OpenSSL `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `SELF_SIGNED_CERT_IN_CHAIN`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `INVALID_PURPOSE` and the like',
    message: '<server> shows a certificate of <authority>, which is not trusted here (<reason>)',
    advice:
      'If the bank uses its own certificate authority, paste that authority\'s certificate into "Certificate Authorities" in the credential. Otherwise check the host name: another server may answer between n8n and the bank.',
  },
  'server-certificate-expired': {
    recognized: 'OpenSSL `CERT_HAS_EXPIRED`, `CERT_NOT_YET_VALID`',
    message: '<server> shows a certificate that is expired or not valid yet (<reason>)',
    advice:
      'Check the clock of this machine. If it is right, the bank has to renew its certificate.',
  },
  'server-certificate-hostname': {
    recognized: 'Node.js `ERR_TLS_CERT_ALTNAME_INVALID`',
    message: '<server> shows a certificate that was made for another name (<reason>)',
    advice: 'Use the host name that the bank documents.',
  },
  'client-certificate-refused': {
    recognized:
      'TLS alerts `certificate_required`, `unknown_ca`, `bad_certificate`, `certificate_expired`, `certificate_revoked`, `certificate_unknown`, `unsupported_certificate`, `access_denied`, `decrypt_error` (RFC 8446 §6.2)',
    message: {
      required: '<server> demands a client certificate and saw none (<reason>)',
      unknownAuthority:
        '<server> refused the client certificate: its certificate authority is unknown there (<reason>)',
      unacceptable:
        '<server> refused the client certificate: it is not acceptable there (<reason>)',
      expired: '<server> refused the client certificate: it has expired (<reason>)',
      revoked: '<server> refused the client certificate: it was revoked (<reason>)',
      unknown: '<server> refused the client certificate: it is not known there (<reason>)',
      kind: '<server> refused the client certificate: its kind is not accepted (<reason>)',
      access: '<server> refused the client certificate: access is denied (<reason>)',
      signature:
        '<server> refused the client certificate: its signature does not verify there (<reason>)',
    },
    advice:
      'Use the transport certificate that was registered with this bank, with its intermediate certificates. It must not be expired or revoked. If the bank saw no certificate, check that no proxy opens the TLS connection.',
  },
  'tls-outdated': {
    recognized:
      'TLS alert `protocol_version`, or OpenSSL `ERR_SSL_UNSUPPORTED_PROTOCOL`, `ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED` (RFC 5746)',
    message: {
      version: '<server> speaks no TLS version that is accepted here (<reason>)',
      renegotiation: '<server> renegotiates TLS in an old, unsafe way (<reason>)',
    },
    advice:
      'This package speaks TLS 1.2 and 1.3, as FAPI demands, and only with secure renegotiation. Check host and port. If they are right, ask the bank for another endpoint. A proxy between n8n and the bank may also cause this.',
  },
  'tls-handshake-failed': {
    recognized:
      'TLS alerts `handshake_failure`, `insufficient_security`, `no_application_protocol`, OpenSSL `ERR_SSL_WRONG_VERSION_NUMBER`, `ERR_SSL_PACKET_LENGTH_TOO_LONG`, and any other failure of OpenSSL before the connection is established',
    message: {
      brokenOff: '<server> broke off the TLS handshake (<reason>)',
      nothingInCommon: '<server> found no cipher or signature algorithm in common (<reason>)',
      noTls: '<server> does not speak TLS on this port (<reason>)',
      noHttp1: '<server> does not speak HTTP/1.1 (<reason>)',
    },
    advice:
      'Check host and port: a server that does not speak TLS there fails like this. Check that the transport certificate is the one that was registered with this bank: many banks close TLS 1.2 connections like this if the client certificate is missing or rejected. Otherwise ask the bank which ciphers and signature algorithms it supports.',
  },
  'client-certificate-unusable': {
    recognized: 'OpenSSL refuses to load the certificate and key for a connection',
    message: 'The transport certificate and key cannot be used for TLS (<reason>)',
    advice:
      'Test the files with "openssl x509 -in certificate.pem -noout -text" and "openssl pkey -in key.pem -noout". Replace keys and signatures that OpenSSL considers weak (RSA below 2048 bits, SHA-1).',
  },
});

/** Failures on the way to the bank, before and after the handshake. */
export const requestErrors = rowsOf('request', {
  'host-unreachable': {
    recognized:
      'Node.js `ENOTFOUND`, `EAI_AGAIN`, `ECONNREFUSED`, `EHOSTUNREACH`, `ENETUNREACH` and the like, or no connection within "Connect Timeout", TLS handshake included',
    message: {
      noConnection: '<server> cannot be reached from here (<reason>)',
      unresolved: '<server> is a name that does not resolve (<reason>)',
      timeout: '<server> did not accept a connection in time (<reason>)',
    },
    advice:
      'Check host name and port in the credential, the DNS of this machine, and that a firewall lets this machine reach the bank. The bank may be down: try again later. Nothing was sent. To wait longer, raise "Connect Timeout" in the credential.',
  },
  timeout: {
    recognized:
      'No complete response within "Request Timeout". For account data: no byte for so long',
    message: '<server> did not answer in time',
    advice:
      'The bank may be slow at the moment. To wait longer, raise "Request Timeout" in the credential.',
  },
  'connection-lost': {
    recognized:
      'Node.js `ECONNRESET`, undici `UND_ERR_SOCKET` and the like: the connection ended right after the handshake, or before the response was complete',
    message: {
      beforeRequest: '<server> closed the connection before a request was sent (<reason>)',
      beforeAnswer: '<server> closed the connection before an answer was complete (<reason>)',
    },
    advice:
      'If this happens every time, check the transport certificate: some banks close the connection if they do not accept it.',
  },
  'proxy-failed': {
    recognized:
      '`HTTPS_PROXY` or `ALL_PROXY` in the environment is no address of a proxy with http or https. Or the proxy cannot be reached, does not resolve the name, or answers CONNECT with another status than 2xx',
    message: {
      address: '<variable> in the environment of n8n is not an address',
      scheme: '<variable> in the environment of n8n names a proxy of the kind "<scheme>"',
      logIn: '<server> cannot be reached: the proxy <proxy> demands a log-in (<reason>)',
      logInRefused: '<server> cannot be reached: the proxy <proxy> refused the log-in (<reason>)',
      logInKind:
        '<server> cannot be reached: the proxy <proxy> demands a log-in of a kind that is not supported (<reason>)',
      certificate:
        '<server> cannot be reached: the proxy <proxy> shows a certificate that is not accepted here (<reason>)',
      handshake:
        '<server> cannot be reached: the TLS handshake with the proxy <proxy> failed (<reason>)',
      unreachable: '<server> cannot be reached through the proxy <proxy> (<reason>)',
    },
    advice:
      'Check HTTPS_PROXY and NO_PROXY in the environment of n8n, and that the proxy lets this machine reach the bank. Nothing was sent.',
  },
  'address-blocked': {
    recognized:
      'The metadata of a bank names an address of this machine or of a private network, or a name that resolves to one, and the issuer is not there itself. Or the SSRF protection of n8n forbids the address or name (`N8N_SSRF_PROTECTION_ENABLED`)',
    message: {
      internal: '<server> is in a private network (<address>), and the issuer of the bank is not',
      public: '<server> is not in a private network any more (<address>)',
      n8nAddress: '<server> has an address that the SSRF protection of n8n forbids (<address>)',
      n8nName: '<server> has a name that the SSRF protection of n8n forbids (<address>)',
    },
    advice:
      'Nothing was sent. Compare the address with what the bank documents, and with the SSRF protection of n8n.',
  },
  'not-attempted': {
    recognized: 'Another item failed, or the execution was cancelled, before this item was started',
    message: 'Another item failed before this one was started',
    advice:
      'Nothing was sent for this item: its code or token can still be used. Fix the item that failed, or set "On Error" of the node to "Continue".',
  },
  cancelled: {
    recognized: 'The execution was cancelled while the request was under way, or waited to be sent',
    message: 'The execution was cancelled before <server> had answered',
    advice: 'Start the workflow again.',
  },
  'request-failed': {
    recognized: 'Any other failure on the way',
    message: '<server> could not be asked (<reason>)',
    advice: 'Check host and port in the credential.',
  },
});
