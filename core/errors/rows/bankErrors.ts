import { rowsOf } from '../entry';

/** The message of a refusal: the server, and its words or status. */
const answered = '<sender> answered <answer>' as const;

/** A refusal that the words of `error_description` show. */
const said = (advice: string) => ({ message: answered, advice });

/** Refusals by words of the bank in `error_description`, see `core/errors/words`. */
export const descriptionErrors = rowsOf('authorization-server', {
  'code-used': said(
    'The code was used before, or has expired: it lives five minutes or less. WSO2 also uses a code up if the exchange fails, for example because of a wrong redirect URI. Ask the customer for consent again, and exchange the new code at once and only once.',
  ),
  'code-unknown': said(
    'The bank does not know this code: it was issued to another client or by another server, or a part of it is missing. Paste the whole address that the bank redirected to. Compare "Host" or "Issuer", and "Client ID", with the place where the customer gave consent.',
  ),
  'redirect-uri-mismatch': said(
    'The redirect URI is not exactly the one of the authorization request. Compare "Redirect URI" with it, including a slash at the end: in the credential, or under "Options" of the node if it is set there. WSO2 has used the code up: ask the customer for consent again.',
  ),
  'pkce-failed': said(
    'The authorization request had a code challenge. The exchange came without its verifier, or with another one: compare "Code Verifier" under "Options" with the request that brought this code. Ask the customer for consent again, with the same tool that exchanges the code.',
  ),
  'refresh-token-unknown': said(
    'The bank does not know this refresh token. It was replaced (each refresh brings a new one and ends the old one), revoked, or issued to another client. Or it is an access token, or belongs to another consent. Use the refresh token of the last token response. If that is lost, ask the customer for consent again.',
  ),
  'refresh-token-expired': said(
    'The refresh token expired before the next run: at WSO2 it lives one day, unless the bank changed that, and at other banks often as long as the session of the customer. Ask the customer for consent again, and let the schedule refresh more often.',
  ),
  'certificate-binding-mismatch': said(
    'The token is bound to the transport certificate that it was issued to (RFC 8705), and the credential has another one. Put the old certificate back with its private key as long as it is valid, or ask the customer for consent again with the new one. If "Encryption Key" in the credential is filled in, stored consents are found with either private key.',
  ),
  'assertion-audience': said(
    'The bank wants another "aud" in the client assertion. Choose another "Audience" in the credential: WSO2 wants its token endpoint (also at the gateway), a FAPI 2 server its issuer, some banks the endpoint that is called ("Endpoint Being Called", which needs "Custom Endpoints" if "Bank" is "Discovery").',
  ),
  'assertion-time': said(
    'The clock of this machine and the clock of the bank differ: a client assertion is valid from 5 seconds before it is made until 55 seconds after. Synchronise the clock of this machine (NTP). The Test button of the credential shows the offset.',
  ),
  'request-altered': said(
    'The request did not reach the bank as it was sent: this package sends each request and each parameter once. Look for a proxy or balancer that repeats, cuts or changes requests. Check "Host" or "Token Endpoint", and show this message to the bank.',
  ),
  'assertion-algorithm': said(
    'In the credential, choose the "Signature Algorithm" that the bank registered (token_endpoint_auth_signing_alg): mostly PS256. If it is right, compare "Client ID": some versions of WSO2 answer like this to a client that was deleted.',
  ),
  'assertion-claim': said(
    'The bank does not accept the client assertion of this package. Compare "Client ID" and "Assertion Type" with the registration, and show this message to the bank.',
  ),
  'assertion-key': said(
    'The bank does not find the key of the client assertion: no key is registered, its key set (JWKS) cannot be fetched, or none of its keys has the key ID that was sent. Compare "Key ID From" in the credential with the registration: Keycloak expects "Public Key, SHA-256" if the certificate was imported there, and the key ID of the key set if it reads one. The candidates follow.',
  ),
  'dpop-wanted': said(
    'This bank binds tokens by DPoP (RFC 9449), and this package binds them by the client certificate (RFC 8705). Ask the bank to register the application for certificate-bound access tokens ("tls_client_certificate_bound_access_tokens"). No setting in the credential helps.',
  ),
  'consent-withdrawn': said(
    'The customer took the consent back at the bank, or the bank no longer has it. Ask the customer for consent again.',
  ),
  'customer-disabled': said(
    "The bank has disabled the customer's log-in, perhaps for a while only. The consent may work again as soon as the bank enables it: a stored consent is tried again each hour. Ask the customer to talk to the bank.",
  ),
  'client-credentials-invalid': said(
    'There are two likely causes. First, the bank does not know the client ID: many servers give the same answer for both, WSO2 since Identity Server 7.1. Copy "Client ID" again, and check that "Host" or "Issuer" names the environment (sandbox or production) in which the application was registered. Second, the bank could not verify the signature of the client assertion: it has another key, or does not find the key under the key ID that was sent. Compare the registered key (JWKS) and "Key ID From" in the credential. The candidates follow. After a change the bank may use the old key set for a while.',
  ),
  'client-unknown': said(
    'The bank knows no client with this ID, or the application is not active there (ask the bank). Copy "Client ID" again, and check that "Host" or "Issuer" names the environment (sandbox or production) in which the application was registered.',
  ),
  'client-authentication-unsupported': said(
    'The bank expects another way of authentication. In the credential, choose the "Client Authentication" that was registered (token_endpoint_auth_method). If it is right, the bank did not see what was sent: compare "Client ID", and ask the bank whether its balancer passes the certificate on.',
  ),
  'transport-certificate-refused': {
    dialectCodes: [
      'CERTIFICATE_INVALID',
      'CERTIFICATE_EXPIRED',
      'CERTIFICATE_BLOCKED',
      'CERTIFICATE_REVOKED',
      'CERTIFICATE_MISSING',
    ],
    message: answered,
    advice:
      'Use the transport certificate that was registered with this bank. If it is expired or revoked, or if the bank expects another certificate authority, ask for a new one, register it, and paste it with its private key. If the bank saw no certificate, check that no proxy opens the TLS connection, and ask the bank whether its balancer passes the certificate on.',
  },
  'secret-in-url': said(
    'The address of the endpoint contains a code or token. Remove "?" and everything after it from the address.',
  ),
});

/** A refusal that only the code in `error` shows. */
const named = (oauthError: string, advice: string) => ({
  oauthErrors: [oauthError],
  message: answered,
  advice,
});

/** Refusals by the code in `error`, if the description is not known (RFC 6749 §5.2, §4.1.2.1). */
export const codeErrors = rowsOf('authorization-server', {
  'invalid-client': {
    oauthErrors: ['invalid_client'],
    recognized:
      'or status 401 with an empty body, with unknown words, or with `invalid_request` or `unauthorized_client` (RFC 6749 §5.2)',
    message: answered,
    advice:
      'The bank does not know the client or its key. Compare with the registration: "Client ID", the registered key (JWKS), "Key ID", "Signature Algorithm" and "Audience" in the credential, and the clock of this machine. The Test button of the credential finds the likely reason.',
  },
  'invalid-grant': {
    oauthErrors: ['invalid_grant'],
    dialectCodes: [
      'TOKEN_UNKNOWN',
      'TOKEN_INVALID',
      'TOKEN_EXPIRED',
      'CONSENT_UNKNOWN',
      'CONSENT_INVALID',
      'CONSENT_EXPIRED',
    ],
    message: answered,
    advice:
      'An authorization code works once, for a few minutes, with the same redirect URI. A refresh token works until it expires or is replaced, with the certificate that it was issued to. If none of this is the reason, ask the customer for consent again.',
  },
  'invalid-scope': {
    oauthErrors: ['invalid_scope'],
    gatewayCodes: ['900910'],
    message: answered,
    advice:
      'Ask only for scopes that the bank granted to this application. If the token lacks a scope, add it to "Scope", and ask the customer for consent again.',
  },
  'unauthorized-client': {
    oauthErrors: ['unauthorized_client', 'unsupported_grant_type'],
    dialectCodes: ['ROLE_INVALID'],
    message: answered,
    advice:
      'The bank has not enabled this grant for the application: compare with the registration. Check also that the address of the endpoint is right.',
  },
  'access-denied': named(
    'access_denied',
    'The customer or the bank declined. Talk to the customer, and ask for consent again.',
  ),
  'bank-refused': {
    oauthErrors: ['invalid_request'],
    recognized: 'any other code, or words in another dialect (JSON or XML)',
    message: answered,
    advice: "The bank's own words above say why. Compare the request with the bank's documents.",
  },
});

/** A refusal of WSO2's API gateway. */
const ofGateway = (gatewayCodes: readonly string[], advice: string) => ({
  gatewayCodes,
  message: answered,
  advice,
});

/** Refusals of WSO2's API gateway: in its own format, in that of Open Banking, or within `fault`. */
export const gatewayErrors = rowsOf('authorization-server', {
  'gateway-token-invalid': ofGateway(
    ['900901', '900903', '900904'],
    'The gateway does not know the token, or it has expired, was revoked, or was issued to another certificate. Refresh it, and use the same transport certificate. If that does not help, ask the customer for consent again.',
  ),
  'gateway-token-missing': ofGateway(
    ['900902'],
    'The request has no bearer token: set the header "Authorization" to {{ $json.authorization }}. If this happens at a refresh, check "API Gateway Host": this address expects a token.',
  ),
  'gateway-token-type': ofGateway(
    ['900905', '900912'],
    "The token is of the wrong kind. Accounts need the customer's token (Exchange Authorization Code, Refresh). Consents need the application's token (Get Application Token).",
  ),
  'gateway-no-resource': ofGateway(
    ['900906'],
    'The gateway does not know this path or method: check "API Gateway Host" and the version in the URL.',
  ),
  'gateway-not-subscribed': ofGateway(
    ['900907', '900908', '900909'],
    'The application has no active subscription to this API, or the bank blocked it. Subscribe it in the developer portal of the bank, or ask the bank.',
  ),
  'gateway-refused': {
    recognized: 'Any other code of the gateway',
    message: answered,
    advice:
      'The gateway refused before the authorization server was asked. Check "API Gateway Host", the subscription of the application, and the certificate.',
  },
});

/** Refusals by the status, alone or with the server that answered. */
export const statusErrors = rowsOf('authorization-server', {
  'wrong-server': {
    recognized:
      'WSO2: the address of "Host" answers as an API gateway that does not know the path or demands a token. Or the address of "API Gateway Host" answers with status 404',
    message: {
      gatewayAtHost:
        '"Host" answers as an API gateway, not as an identity server: are "Host" and "API Gateway Host" swapped?',
      noTokenEndpoint: '"API Gateway Host" has no token endpoint',
      noGateway:
        '"API Gateway Host" does not answer as an API gateway: is it another server, the identity server for example?',
    },
    advice:
      'Compare both with the bank\'s onboarding document. "Host" is the identity server, which issues tokens, by default at port 9446. "API Gateway Host" is the server of the account API, by default at port 8243.',
  },
  'too-many-requests': {
    oauthErrors: ['slow_down'],
    dialectCodes: ['ACCESS_EXCEEDED'],
    recognized: 'Status 429, whatever the body says',
    message: answered,
    advice:
      'The bank did not process the request. Wait a while, and send fewer requests. A code or refresh token may be sent again.',
  },
  'server-error': {
    oauthErrors: ['server_error', 'temporarily_unavailable'],
    recognized: 'or status 500 to 599',
    message: answered,
    advice: 'The bank has a fault at the moment. Try again later.',
  },
});
