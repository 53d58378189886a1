import { rowsOf, type Row } from '../entry';

/** Who refused, and in which words or with which status. */
const answered = '<sender> answered <answer>' as const;

/** A refusal that the words of `error_description` show. */
const said = (phrases: readonly string[], advice: string) => ({
  phrases,
  message: answered,
  advice,
});

/**
 * What banks say in `error_description`, and what it really means: WSO2's words, to the letter, and those of other banks.
 * What stands in backticks is what is looked for, whatever its case; `<…>` in it stands for anything.
 */
export const descriptionErrors = rowsOf('authorization-server', {
  'code-used': said(
    ['Inactive authorization code received from token request'],
    'The code has been used already, or an earlier exchange failed after the bank had looked at it: WSO2 uses a code up even where the redirect URI was wrong. It is not sent again. Ask the customer for consent again, and use the new code once.',
  ),
  'code-unknown': said(
    ['Invalid authorization code received from token request'],
    'The bank does not know this code: it was issued to another client or by another server, or is cut off. Paste the whole address that the bank redirected to, and compare "Host" and "Client ID" with where the customer gave consent.',
  ),
  'code-expired': said(
    ['Expired or Revoked authorization code received from token request'],
    'A code lives five minutes or less. Ask the customer for consent again, and exchange the code at once.',
  ),
  'redirect-uri-mismatch': said(
    ['Callback url mismatch'],
    'The redirect URI is not, to the letter, the one of the authorization request: compare "Redirect URI" in the credential, slash at the end included. WSO2 has used the code up all the same: ask the customer for consent again.',
  ),
  'pkce-failed': said(
    ['PKCE validation failed'],
    'The authorization request had a code challenge, and the exchange came without its verifier or with another one. Ask the customer for consent again, with the same tool that exchanges the code.',
  ),
  'refresh-token-unknown': said(
    ['Persisted access token data not found'],
    'The bank knows no such refresh token: it was rotated away (each refresh brings a new one, and the old one ends), revoked, or issued to another client; or it is an access token, or of another consent. Use the refresh token of the last token response. If that is lost, ask the customer for consent again.',
  ),
  'refresh-token-expired': said(
    ['Refresh token is expired'],
    'The refresh token lived shorter than the time between two runs: WSO2 lets it live one day unless the bank set it otherwise. Ask the customer for consent again, and let the schedule refresh more often.',
  ),
  'certificate-binding-mismatch': said(
    [
      'Invalid token binding value is present in the request',
      'different certificate',
      'Fingerprints mismatch',
    ],
    'The token is bound to the transport certificate that it was issued to (RFC 8705), and this is another one. Use the old certificate as long as it is valid, or ask the customer for consent again with the new one.',
  ),
  'assertion-audience': said(
    ['Failed to match audience values', 'multiple audience values'],
    'The bank wants another "aud" in the client assertion. Choose another "Audience" in the credential: WSO2 wants its token endpoint (also at the gateway), a FAPI 2 server its issuer, some the endpoint that is called.',
  ),
  'assertion-expired': said(
    ['JWT Token is expired'],
    'The client assertion, which is good for 55 seconds, had expired when the bank looked at it: the clock of this machine is slow, or the clock of the bank is fast. Synchronise this machine (NTP); the Test button of the credential shows the offset.',
  ),
  'assertion-too-old': said(
    ['The jwt is too old to use'],
    'By the clock of the bank the client assertion was made too long ago, although it is good for 55 seconds only: the clock of this machine is slow, or the clock of the bank is fast. Synchronise the clock of this machine (NTP); the Test button of the credential shows the offset.',
  ),
  'assertion-not-yet-valid': said(
    ['The token is used before the nbf claim value'],
    'By the clock of the bank the client assertion comes from the future, although it is dated five seconds back: the clock of this machine is fast, or the clock of the bank is slow. Synchronise this machine (NTP); the Test button of the credential shows the offset.',
  ),
  'assertion-replayed': said(
    ['JWT Token with jti: * has been replayed'],
    'The same request reached the bank twice. Every request of this package has an assertion of its own: look for a proxy or balancer on the way that repeats requests.',
  ),
  'assertion-algorithm': said(
    [
      'Signature algorithm used in the request is invalid',
      'Registered algorithm does not match with the token signed algorithm',
    ],
    'Choose the "Signature Algorithm" in the credential that the bank registered (token_endpoint_auth_signing_alg): PS256 for most.',
  ),
  'assertion-claim': said(
    ['is missing in the JWT assertion', 'is found in the JWT', 'Error while parsing the JWT'],
    'The bank does not accept the client assertion as this package makes it. Compare "Client ID" and "Assertion Type" with the registration, and show this message to the bank.',
  ),
  'client-credentials-invalid': said(
    ['Client credentials are invalid'],
    'The bank could not verify the signature of the client assertion: it has another key on record, or does not find it under the key ID that was sent. Compare the registered key (JWKS) and "Key ID From" in the credential; the Test button lists the candidates. After a change the bank may use the old key set for a while.',
  ),
  'client-unknown': said(
    ['A valid OAuth client could not be found for client_id'],
    'The bank knows no client of this ID: copy "Client ID" anew, and check that "Host" names the environment (sandbox or production) in which the application was registered.',
  ),
  'client-authentication-unsupported': said(
    ['Unsupported client authentication mechanism'],
    'The bank expects another way of authentication: choose "Client Authentication" in the credential as it was registered (token_endpoint_auth_method).',
  ),
  'transport-certificate-missing': said(
    ['Transport certificate not found in the request'],
    'The bank saw no client certificate. Where TLS ends at a balancer, the balancer has to hand it on: ask the bank. Otherwise check that no proxy on the way opens the TLS connection.',
  ),
  'transport-certificate-expired': said(
    ['Client certificate is expired'],
    'Ask for a new transport certificate, register it with the bank, and paste it with its private key.',
  ),
  'transport-certificate-invalid': said(
    ['Invalid transport certificate'],
    'The bank does not accept the transport certificate: it was issued by another authority than the bank expects, revoked, or is not the one of the registration.',
  ),
  'parameter-missing': said(
    ['Missing parameters: *', 'Missing grant_type'],
    'The bank misses what this package always sends: something on the way may have cut the request. Check "Host", and show this message to the bank.',
  ),
  'parameter-repeated': said(
    ['Invalid request with repeated parameters'],
    'Something on the way has added a parameter: this package sends each once. Look for a proxy that changes requests.',
  ),
  'secret-in-url': said(
    ['with sensitive data in the URL'],
    'The address of the endpoint holds a code or token: give it without "?" and what follows.',
  ),
});

/** A refusal that only the code in `error` shows. */
const named = (oauthError: string, advice: string) => ({
  oauthError,
  message: answered,
  advice,
});

/** What `error` means where the description is not known (RFC 6749 §5.2, §4.1.2.1). */
export const codeErrors = rowsOf('authorization-server', {
  'invalid-client': named(
    'invalid_client',
    'The bank knows neither the client nor its key. Compare with the registration: "Client ID", the key that is registered (JWKS), "Key ID", "Signature Algorithm" and "Audience" in the credential, and the clock of this machine. The Test button of the credential narrows it down.',
  ),
  'invalid-grant': named(
    'invalid_grant',
    'An authorization code works once, for a few minutes, with the same redirect URI. A refresh token works until it expires or is rotated away, with the certificate that it was issued to. If neither is at fault, ask the customer for consent again.',
  ),
  'invalid-request': named(
    'invalid_request',
    'Compare the parameters with what the bank documents; its own words above say which one it stumbled over.',
  ),
  'invalid-scope': named(
    'invalid_scope',
    'Ask for scopes only that the bank granted to this application.',
  ),
  'unauthorized-client': named(
    'unauthorized_client',
    'The bank has not enabled this grant for the application: compare with the registration.',
  ),
  'unsupported-grant-type': named(
    'unsupported_grant_type',
    'Check the endpoint: this one does not answer token requests of this kind.',
  ),
  'access-denied': named(
    'access_denied',
    'The customer or the bank declined. Ask the customer, and start the consent anew.',
  ),
  'bank-refused': {
    recognised: 'Any other code, or JSON that names none',
    message: answered,
    advice: "The bank's own words above say why; its documents may say more.",
  },
});

/** A refusal of WSO2's API gateway. */
const ofGateway = <Signs extends Pick<Row, 'gatewayCodes' | 'phrases' | 'recognised'>>(
  signs: Signs,
  advice: string,
) => ({ ...signs, message: answered, advice });

/** What WSO2's API gateway answers: in its own format, that of Open Banking, or within `fault`. */
export const gatewayErrors = rowsOf('authorization-server', {
  'gateway-token-invalid': ofGateway(
    { gatewayCodes: ['900901'] },
    'The token is unknown to the gateway, has expired or was revoked, or was issued to another certificate. Refresh it, and present the same transport certificate that it was issued to.',
  ),
  'gateway-token-missing': ofGateway(
    { gatewayCodes: ['900902'] },
    'The request carries no bearer token: set the header "Authorization" to {{ $json.authorization }}. At the refresh endpoint: check "API Gateway Host", this address wants a token.',
  ),
  'gateway-token-expired': ofGateway(
    { gatewayCodes: ['900903'] },
    'The access token has expired: refresh it.',
  ),
  'gateway-token-inactive': ofGateway(
    { gatewayCodes: ['900904'] },
    'The access token is inactive: refresh it, or ask the customer for consent again.',
  ),
  'gateway-token-type': ofGateway(
    { gatewayCodes: ['900905'] },
    'The resource wants a token of another kind: one of the customer in place of one of the application, or the other way round.',
  ),
  'gateway-no-resource': ofGateway(
    { gatewayCodes: ['900906'] },
    'The gateway knows no such path or method: check "API Gateway Host" and the version in the URL.',
  ),
  'gateway-blocked': ofGateway(
    { gatewayCodes: ['900907'] },
    'The bank has blocked this API or application: ask the bank.',
  ),
  'gateway-not-subscribed': ofGateway(
    { gatewayCodes: ['900908', '900909'] },
    'The application has no active subscription to this API: subscribe it in the developer portal of the bank.',
  ),
  'gateway-scope': ofGateway(
    {
      gatewayCodes: ['900910'],
      phrases: ['The access token does not allow you to access the requested resource'],
    },
    'The token lacks the scope of this resource: ask for it under "Scope", with a new consent.',
  ),
  'gateway-claim-mismatch': ofGateway(
    { gatewayCodes: ['900912'] },
    "The token is of the wrong kind: accounts want the customer's token (Exchange Authorization Code, Refresh), consents that of the application (Get Application Token).",
  ),
  'gateway-refused': ofGateway(
    { recognised: 'Any other code of the gateway' },
    'The gateway refused before the authorization server was asked. Check "API Gateway Host", the subscription of the application, and the certificate.',
  ),
});

/** What the status says, alone or with the server that answered. */
export const statusErrors = rowsOf('authorization-server', {
  'client-refused-silently': {
    recognised: 'Status 401 with an empty body',
    message: answered,
    advice:
      'Some banks answer so where they do not accept the client: compare "Client ID", the registered key, "Key ID", "Signature Algorithm" and "Audience" in the credential with the registration.',
  },
  'wrong-server': {
    recognised:
      'WSO2: the address of "Host" answers as an API gateway that knows no such path or wants a token; the address of "API Gateway Host" answers with status 404',
    message: '"<field>" <problem>',
    advice:
      'Compare both with the bank\'s onboarding document: "Host" is the identity server, which hands out tokens, by default at port 9446; "API Gateway Host" is the server of the account API, by default at port 8243.',
  },
  'too-many-requests': {
    recognised: 'Status 429',
    message: answered,
    advice: 'Wait a while, and pull less often.',
  },
  'server-error': {
    recognised: 'Status 500 to 599, or `server_error`, `temporarily_unavailable`',
    message: answered,
    advice: 'The bank has a fault at the moment. Try again later.',
  },
});
