/**
 * Every failure that this package tells apart: at which stage of a request it happens and what to do next.
 * The codes are a public interface (workflows branch on them): they are added to, never renamed.
 */

/** Where in the walk from the credential to the answer a failure happened. */
export type Stage =
  'configuration' | 'tls' | 'request' | 'authorization-server' | 'response' | 'store';

interface CatalogueEntry {
  readonly stage: Stage;
  /** What to do next, in plain words. */
  readonly advice: string;
}

const configuration = (advice: string) => ({ stage: 'configuration', advice }) as const;
const tls = (advice: string) => ({ stage: 'tls', advice }) as const;
const request = (advice: string) => ({ stage: 'request', advice }) as const;
const bank = (advice: string) => ({ stage: 'authorization-server', advice }) as const;
const response = (advice: string) => ({ stage: 'response', advice }) as const;

const idTokenAdvice =
  'Do not use these tokens for this customer before the cause is known. Compare the "Issuer", "Client ID" and "ID Token Algorithm" of the credential with what the bank published, and ask the bank where they agree.';

/** The table: code → stage and advice. */
export const catalogue = {
  'host-missing': configuration(
    'Fill in "Host" in the credential: the name of the bank\'s identity server, for example "is.bank.example" or "is.bank.example:9446".',
  ),
  'url-missing': configuration(
    'Fill the field in as the bank\'s onboarding document states it, beginning with "https://".',
  ),
  'url-malformed': configuration(
    'Copy the address anew from the bank\'s onboarding document: a host name with an optional port, or a URL that begins with "https://".',
  ),
  'url-insecure': configuration(
    'Use "https://": requests to a bank never travel without TLS, because they carry what opens the customer\'s accounts.',
  ),
  'client-id-malformed': configuration(
    'Copy "Client ID" anew from what the bank issued: letters, digits and signs of the US keyboard.',
  ),
  'client-id-missing': configuration(
    'Fill in "Client ID" in the credential: the value that the bank issued when the application was registered.',
  ),
  'certificate-missing': configuration(
    'Paste the certificate in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----", followed by its intermediate certificates if there are any.',
  ),
  'certificate-malformed': configuration(
    'Paste the certificate in PEM with its line breaks, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----". "openssl x509 -in certificate.pem -noout -text" shows whether a file is whole.',
  ),
  'private-key-missing': configuration(
    'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----".',
  ),
  'private-key-malformed': configuration(
    'Paste the private key in PEM with its line breaks, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----". "openssl pkey -in key.pem -noout" shows whether a file is whole.',
  ),
  'passphrase-missing': configuration(
    'The private key is encrypted: fill in its passphrase in the credential.',
  ),
  'passphrase-wrong': configuration(
    'Type the passphrase of the private key anew. "openssl pkey -in key.pem -noout" asks for it and shows whether it fits.',
  ),
  'key-certificate-mismatch': configuration(
    'Use the private key that the certificate was requested with. "openssl x509 -in certificate.pem -noout -pubkey" and "openssl pkey -in key.pem -pubout" have to print the same.',
  ),
  'certificate-authorities-malformed': configuration(
    'Paste the certificates of the certificate authorities in PEM, one below the other, or leave the field empty to trust the well-known ones.',
  ),
  'algorithm-key-mismatch': configuration(
    'Choose the signature algorithm that fits the key: PS256 or RS256 for RSA of at least 2048 bits, ES256 for EC P-256, EdDSA for Ed25519.',
  ),
  'key-id-missing': configuration(
    'Fill in "Key ID" as the bank registered it, or choose to have it computed from the certificate.',
  ),
  'audience-missing': configuration(
    'Fill in "Audience Value", or choose another kind of audience in the credential.',
  ),
  'setting-malformed': configuration('Choose one of the values that the field offers.'),
  'redirect-uri-missing': configuration(
    'Fill in "Redirect URI" in the credential, exactly as it was registered and used when the customer gave consent.',
  ),
  'code-missing': configuration(
    "Give the authorization code, or the whole address that the bank redirected the customer's browser to. An expression that yields nothing has this effect, too: look at the input of the node.",
  ),
  'code-malformed': configuration(
    "Paste the authorization code alone, or the whole address that the bank redirected the customer's browser to, unchanged.",
  ),
  'code-encrypted-or-signed': configuration(
    'The bank answered in a signed JWT (JARM): read the value of "code" in its payload and paste that.',
  ),
  'state-mismatch': configuration(
    'The redirect belongs to another authorization request, or was forged: do not use this code. Start the consent anew.',
  ),
  'issuer-mismatch': configuration(
    'The redirect came from another authorization server than the credential names: do not use this code. Compare "Issuer" in the credential with the bank\'s documents.',
  ),
  'refresh-token-malformed': configuration(
    'Give the refresh token of the last token response, unchanged. It must come from a field or an expression as a whole.',
  ),
  'refresh-token-missing': configuration(
    'Give the refresh token of the last token response. An expression that yields nothing has this effect, too: look at the input of the node.',
  ),

  'server-certificate-unknown-authority': tls(
    'If the bank uses its own certificate authority, paste that authority\'s certificate into "Certificate Authorities" in the credential. Otherwise check the host name: something may stand between n8n and the bank.',
  ),
  'server-certificate-expired': tls(
    "The bank's certificate is outside its dates. Check the clock of this machine; if it is right, the bank has to renew.",
  ),
  'server-certificate-hostname': tls(
    'Use the host name that the bank documents: its certificate was made for another name.',
  ),
  'client-certificate-required': tls(
    'Check "Transport Certificate" and "Transport Private Key" in the credential, and that no proxy on the way opens the TLS connection.',
  ),
  'client-certificate-refused': tls(
    'Use the transport certificate that was registered with this bank and has not expired or been revoked, together with its intermediate certificates.',
  ),
  'tls-handshake-failed': tls(
    'Check host and port. If they are right, the bank and this machine have no TLS version or cipher in common: ask the bank which it supports (this package speaks TLS 1.2 and 1.3).',
  ),

  'host-not-found': request('Check the host name in the credential, and the DNS of this machine.'),
  'connection-refused': request(
    'Check host and port in the credential, and whether a firewall lets this machine reach the bank.',
  ),
  'connect-timeout': request(
    'Check host and port in the credential, and whether a firewall lets this machine reach the bank. "Connect Timeout" in the credential sets how long is waited.',
  ),
  timeout: request(
    'The bank may be slow at the moment. "Request Timeout" in the credential sets how long is waited.',
  ),
  'connection-lost': request(
    'Where this happens at every attempt, the bank may close connections whose client certificate it does not accept: check the transport certificate.',
  ),
  'proxy-refused': request(
    'Check HTTPS_PROXY and NO_PROXY in the environment of n8n, and that the proxy lets this machine reach the bank.',
  ),
  'not-attempted': request(
    'Nothing was sent for this item: what it holds can be used again. Mend the item that failed, or set "On Error" of the node to "Continue".',
  ),
  'request-failed': request('Check host and port in the credential.'),

  'invalid-client': bank(
    'The bank knows neither the client nor its key. Compare with the registration: "Client ID", the key that is registered (JWKS), "Key ID", "Signature Algorithm" and "Audience" in the credential, and the clock of this machine.',
  ),
  'invalid-grant': bank(
    'An authorization code works once, for a few minutes, with the same redirect URI. A refresh token works until it expires or is rotated away, with the certificate that it was issued to. If neither is at fault, ask the customer for consent again.',
  ),
  'invalid-request': bank(
    'Compare the parameters with what the bank documents; its own words above say which one it stumbled over.',
  ),
  'invalid-scope': bank('Ask for scopes only that the bank granted to this application.'),
  'unauthorized-client': bank(
    'The bank has not enabled this grant for the application: compare with the registration.',
  ),
  'unsupported-grant-type': bank(
    'Check the endpoint: this one does not answer token requests of this kind.',
  ),
  'access-denied': bank(
    'The customer or the bank declined. Ask the customer, and start the consent anew.',
  ),
  'gateway-refused': bank(
    'The gateway refused before the authorization server was asked. Check "API Gateway Host", the subscription of the application, and the certificate.',
  ),
  'too-many-requests': bank('Wait a while, and pull less often.'),
  'server-error': bank('The bank has a fault at the moment. Try again later.'),
  'bank-refused': bank("The bank's own words above say why; its documents may say more."),

  redirected: response(
    'A token endpoint answers, it does not redirect, and a redirect is not followed because it would carry the assertion elsewhere. Check host and port in the credential.',
  ),
  'response-too-large': response(
    'A token response has a few kilobytes. Check host and port in the credential: something else answered.',
  ),
  'response-encoding': response(
    'The answer could not be unpacked. Check host and port in the credential: something else may have answered.',
  ),
  'response-empty': response(
    'Check host and port in the credential. If they are right, ask the bank.',
  ),
  'response-not-json': response(
    'A web page or a gateway answered in place of the token endpoint. Check host, port and path in the credential.',
  ),
  'token-response-invalid': response(
    'The answer is not a token response as RFC 6749 §5.1 defines it. Show this message to the bank.',
  ),
  'discovery-failed': response(
    'Open "<issuer>/.well-known/openid-configuration" in a browser: the bank has to publish its metadata there. Otherwise set "Bank" to "Custom Endpoints" in the credential.',
  ),
  'discovery-issuer-mismatch': response(
    'Fill in "Issuer" exactly as the metadata states it, after comparing both with the bank\'s documents. An issuer that changed may be an attack.',
  ),
  'jwks-missing': response(
    'Fill in "JWKS URL" in the credential: without the keys of the bank its ID tokens cannot be verified.',
  ),
  'jwks-unreachable': response(
    'The keys that the bank signs ID tokens with could not be fetched. Check "JWKS URL" where you set it, and try again.',
  ),
  'id-token-malformed': response(idTokenAdvice),
  'id-token-decryption': response(
    'The ID token is encrypted for another key than the signing key of the credential: compare with the registration.',
  ),
  'id-token-algorithm': response(
    'Set "ID Token Algorithm" in the credential to what the bank registered (id_token_signed_response_alg), after checking with the bank that it changed it.',
  ),
  'id-token-signature': response(idTokenAdvice),
  'id-token-issuer': response(
    'Fill in "Issuer" in the credential as the bank documents it. Do not use these tokens before both agree.',
  ),
  'id-token-audience': response(idTokenAdvice),
  'id-token-time': response(
    'Check the clock of this machine (NTP). If it is right, show this message to the bank.',
  ),
  'id-token-nonce': response(
    'The ID token belongs to another authorization request: do not use these tokens. Start the consent anew.',
  ),
  'id-token-access-token-hash': response(idTokenAdvice),
  'id-token-subject': response(
    'The refreshed ID token names another customer or issuer than the original one: do not use these tokens, and tell the bank.',
  ),
} as const satisfies Record<string, CatalogueEntry>;

/** The code of a failure: a key of {@link catalogue}. */
export type ErrorCode = keyof typeof catalogue;
