import { rowsOf, type Row } from '../entry';

const answered = 'The bank answered "<error>": <its description>';

const word = (recognised: string, advice: string): Row => [recognised, answered, advice];

/**
 * What banks say in `error_description`, and what it really means: WSO2's words, to the letter, and those of other banks.
 * What stands in backticks is what is looked for, whatever its case; `<…>` in it stands for anything.
 */
export const descriptionErrors = rowsOf('authorization-server', {
  'code-used': [
    '`Inactive authorization code received from token request`',
    answered,
    'The code has been used already, or an earlier exchange failed after the bank had looked at it: WSO2 uses a code up even where the redirect URI was wrong. It is not sent again. Ask the customer for consent again, and use the new code once.',
  ],
  'code-unknown': word(
    '`Invalid authorization code received from token request`',
    'The bank does not know this code: it was issued to another client or by another server, or is cut off. Paste the whole address that the bank redirected to, and compare "Host" and "Client ID" with where the customer gave consent.',
  ),
  'code-expired': word(
    '`Expired or Revoked authorization code received from token request`',
    'A code lives five minutes or less. Ask the customer for consent again, and exchange the code at once.',
  ),
  'redirect-uri-mismatch': word(
    '`Callback url mismatch`',
    'The redirect URI is not, to the letter, the one of the authorization request: compare "Redirect URI" in the credential, slash at the end included. WSO2 has used the code up all the same: ask the customer for consent again.',
  ),
  'pkce-failed': word(
    '`PKCE validation failed`',
    'The authorization request had a code challenge, and the exchange came without its verifier or with another one. Ask the customer for consent again, with the same tool that exchanges the code.',
  ),
  'refresh-token-unknown': word(
    '`Persisted access token data not found`',
    'The bank knows no such refresh token: it was rotated away (each refresh brings a new one, and the old one ends), revoked, or issued to another client; or it is an access token, or of another consent. Use the refresh token of the last token response. If that is lost, ask the customer for consent again.',
  ),
  'refresh-token-expired': word(
    '`Refresh token is expired`',
    'The refresh token lived shorter than the time between two runs: WSO2 lets it live one day unless the bank set it otherwise. Ask the customer for consent again, and let the schedule refresh more often.',
  ),
  'certificate-binding-mismatch': word(
    '`Invalid token binding value is present in the request`, `different certificate`, `Fingerprints mismatch`',
    'The token is bound to the transport certificate that it was issued to (RFC 8705), and this is another one. Use the old certificate as long as it is valid, or ask the customer for consent again with the new one.',
  ),
  'assertion-audience': word(
    '`Failed to match audience values`, `multiple audience values`',
    'The bank wants another "aud" in the client assertion. Choose another "Audience" in the credential: WSO2 wants its token endpoint (also at the gateway), a FAPI 2 server its issuer, some the endpoint that is called.',
  ),
  'assertion-expired': word(
    '`JWT Token is expired`',
    'The client assertion, which is good for 55 seconds, had expired when the bank looked at it: the clock of this machine is slow, or the clock of the bank is fast. Synchronise this machine (NTP); the Test button of the credential shows the offset.',
  ),
  'assertion-too-old': word(
    '`The jwt is too old to use`',
    'By the clock of the bank the client assertion was made too long ago, although it is good for 55 seconds only: the clock of this machine is slow, or the clock of the bank is fast. Synchronise the clock of this machine (NTP); the Test button of the credential shows the offset.',
  ),
  'assertion-not-yet-valid': word(
    '`The token is used before the nbf claim value`',
    'By the clock of the bank the client assertion comes from the future, although it is dated five seconds back: the clock of this machine is fast, or the clock of the bank is slow. Synchronise this machine (NTP); the Test button of the credential shows the offset.',
  ),
  'assertion-replayed': word(
    '`JWT Token with jti: <jti> has been replayed`',
    'The same request reached the bank twice. Every request of this package has an assertion of its own: look for a proxy or balancer on the way that repeats requests.',
  ),
  'assertion-algorithm': word(
    '`Signature algorithm used in the request is invalid`, `Registered algorithm does not match with the token signed algorithm`',
    'Choose the "Signature Algorithm" in the credential that the bank registered (token_endpoint_auth_signing_alg): PS256 for most.',
  ),
  'assertion-claim': word(
    '`is missing in the JWT assertion`, `is found in the JWT`, `Error while parsing the JWT`',
    'The bank does not accept the client assertion as this package makes it. Compare "Client ID" and "Assertion Type" with the registration, and show this message to the bank.',
  ),
  'client-credentials-invalid': word(
    '`Client credentials are invalid`',
    'The bank could not verify the signature of the client assertion: it has another key on record, or does not find it under the key ID that was sent. Compare the registered key (JWKS) and "Key ID From" in the credential; the Test button lists the candidates. After a change the bank may use the old key set for a while.',
  ),
  'client-unknown': word(
    '`A valid OAuth client could not be found for client_id`',
    'The bank knows no client of this ID: copy "Client ID" anew, and check that "Host" names the environment (sandbox or production) in which the application was registered.',
  ),
  'client-authentication-unsupported': word(
    '`Unsupported client authentication mechanism`',
    'The bank expects another way of authentication: choose "Client Authentication" in the credential as it was registered (token_endpoint_auth_method).',
  ),
  'transport-certificate-missing': word(
    '`Transport certificate not found in the request`',
    'The bank saw no client certificate. Where TLS ends at a balancer, the balancer has to hand it on: ask the bank. Otherwise check that no proxy on the way opens the TLS connection.',
  ),
  'transport-certificate-expired': word(
    '`Client certificate is expired`',
    'Ask for a new transport certificate, register it with the bank, and paste it with its private key.',
  ),
  'transport-certificate-invalid': word(
    '`Invalid transport certificate`',
    'The bank does not accept the transport certificate: it was issued by another authority than the bank expects, revoked, or is not the one of the registration.',
  ),
  'parameter-missing': word(
    '`Missing parameters: <names>`, `Missing grant_type`',
    'The bank misses what this package always sends: something on the way may have cut the request. Check "Host", and show this message to the bank.',
  ),
  'parameter-repeated': word(
    '`Invalid request with repeated parameters`',
    'Something on the way has added a parameter: this package sends each once. Look for a proxy that changes requests.',
  ),
  'secret-in-url': word(
    '`with sensitive data in the URL`',
    'The address of the endpoint holds a code or token: give it without "?" and what follows.',
  ),
});

const code = (error: string, advice: string): Row => [
  `\`${error}\`, and no description that is known`,
  'The bank answered "<error>"<: its description>',
  advice,
];

/** What `error` means where the description is not known (RFC 6749 §5.2, §4.1.2.1). */
export const codeErrors = rowsOf('authorization-server', {
  'invalid-client': code(
    'invalid_client',
    'The bank knows neither the client nor its key. Compare with the registration: "Client ID", the key that is registered (JWKS), "Key ID", "Signature Algorithm" and "Audience" in the credential, and the clock of this machine. The Test button of the credential narrows it down.',
  ),
  'invalid-grant': code(
    'invalid_grant',
    'An authorization code works once, for a few minutes, with the same redirect URI. A refresh token works until it expires or is rotated away, with the certificate that it was issued to. If neither is at fault, ask the customer for consent again.',
  ),
  'invalid-request': code(
    'invalid_request',
    'Compare the parameters with what the bank documents; its own words above say which one it stumbled over.',
  ),
  'invalid-scope': code(
    'invalid_scope',
    'Ask for scopes only that the bank granted to this application.',
  ),
  'unauthorized-client': code(
    'unauthorized_client',
    'The bank has not enabled this grant for the application: compare with the registration.',
  ),
  'unsupported-grant-type': code(
    'unsupported_grant_type',
    'Check the endpoint: this one does not answer token requests of this kind.',
  ),
  'access-denied': code(
    'access_denied',
    'The customer or the bank declined. Ask the customer, and start the consent anew.',
  ),
  'bank-refused': [
    'Any other code, or JSON that names none',
    '<the bank> <refused or answered something else>',
    "The bank's own words above say why; its documents may say more.",
  ],
});

const gateway = (recognised: string, advice: string): Row => [
  recognised,
  "The bank's gateway answered <code> – <message> – <description>",
  advice,
];

/** What WSO2's API gateway answers: in its own format, that of Open Banking, or within `fault`. */
export const gatewayErrors = rowsOf('authorization-server', {
  'gateway-token-invalid': gateway(
    '`900901`',
    'The token is unknown to the gateway, has expired or was revoked, or was issued to another certificate. Refresh it, and present the same transport certificate that it was issued to.',
  ),
  'gateway-token-missing': gateway(
    '`900902`',
    'The request carries no bearer token: set the header "Authorization" to {{ $json.authorization }}. At the refresh endpoint: check "API Gateway Host", this address wants a token.',
  ),
  'gateway-token-expired': gateway('`900903`', 'The access token has expired: refresh it.'),
  'gateway-token-inactive': gateway(
    '`900904`',
    'The access token is inactive: refresh it, or ask the customer for consent again.',
  ),
  'gateway-token-type': gateway(
    '`900905`',
    'The resource wants a token of another kind: one of the customer in place of one of the application, or the other way round.',
  ),
  'gateway-no-resource': gateway(
    '`900906`',
    'The gateway knows no such path or method: check "API Gateway Host" and the version in the URL.',
  ),
  'gateway-blocked': gateway(
    '`900907`',
    'The bank has blocked this API or application: ask the bank.',
  ),
  'gateway-not-subscribed': gateway(
    '`900908`, `900909`',
    'The application has no active subscription to this API: subscribe it in the developer portal of the bank.',
  ),
  'gateway-scope': gateway(
    '`900910`, or `The access token does not allow you to access the requested resource`',
    'The token lacks the scope of this resource: ask for it under "Scope", with a new consent.',
  ),
  'gateway-claim-mismatch': gateway(
    '`900912`',
    "The token is of the wrong kind: accounts want the customer's token (Exchange Authorization Code, Refresh), consents that of the application (Get Application Token).",
  ),
  'gateway-refused': gateway(
    'Any other code of the gateway',
    'The gateway refused before the authorization server was asked. Check "API Gateway Host", the subscription of the application, and the certificate.',
  ),
});

/** What the status says, alone or with the server that answered. */
export const statusErrors = rowsOf('authorization-server', {
  'client-refused-silently': [
    'Status 401 with an empty body',
    'The bank refused with status 401 and an empty body',
    'Some banks answer so where they do not accept the client: compare "Client ID", the registered key, "Key ID", "Signature Algorithm" and "Audience" in the credential with the registration.',
  ],
  'wrong-server': [
    'WSO2: the address of "Host" answers as an API gateway that knows no such path or wants a token; the address of "API Gateway Host" answers with status 404',
    '<"Host" or "API Gateway Host"> <is not the server that was expected>',
    'Compare both with the bank\'s onboarding document: "Host" is the identity server, which hands out tokens, by default at port 9446; "API Gateway Host" is the server of the account API, by default at port 8243.',
  ],
  'too-many-requests': [
    'Status 429',
    'The bank <refused> with status 429<and what came with it>',
    'Wait a while, and pull less often.',
  ],
  'server-error': [
    'Status 500 to 599, or `server_error`, `temporarily_unavailable`',
    '<the bank or its gateway> <answered with its own fault>',
    'The bank has a fault at the moment. Try again later.',
  ],
});
