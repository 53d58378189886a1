import { rowsOf } from '../entry';

const idTokenAdvice =
  'Do not use these tokens for this customer before the cause is known. Compare the "Issuer", "Client ID" and "ID Token Algorithm" of the credential with what the bank published, and ask the bank where they agree.';

/** What to do about a JWT in a redirect that is not what it should be: the code beside it, or in it, was not used. */
export const redirectAdvice =
  'The authorization code was not used. Do not exchange it: the redirect may be forged. Start the consent anew; if this happens again, compare the credential with what the bank published, and ask the bank.';

/** A failure of the JWT that signs a redirect. */
const responseJwt = <const What extends string>(
  recognised: string,
  what: What,
  advice: string = redirectAdvice,
) => ({ recognised, message: `<jwt> ${what}` as const, advice });

/** A failure of an ID token. */
const idToken = <const What extends string>(
  recognised: string,
  what: What,
  advice: string = idTokenAdvice,
) => ({ recognised, message: `<jwt> ${what}` as const, advice });

/** What is wrong with an answer that is no refusal, or with the tokens in it. */
export const responseErrors = rowsOf('response', {
  redirected: {
    recognised: 'Status 300 to 399',
    message: '<server> answered with a redirect (<status>), which was not followed',
    advice:
      'A token endpoint answers, it does not redirect, and a redirect is not followed because it would carry the assertion elsewhere. Check host and port in the credential.',
  },
  'response-too-large': {
    recognised: 'A body of more than 1 MiB, compressed or unpacked, or headers of more than 16 KiB',
    message: '<subject> <problem>',
    advice:
      'A token response has a few kilobytes. Check host and port in the credential: something else answered.',
  },
  'response-encoding': {
    recognised: '`Content-Encoding` is unknown, or the body does not unpack',
    message: 'The answer is compressed in a way that could not be unpacked',
    advice:
      'The answer could not be unpacked. Check host and port in the credential: something else may have answered.',
  },
  'clock-offset': {
    recognised:
      'The `Date` header of an answer is 5 seconds or more away from the clock of this machine',
    message: 'The clock of this machine is <number> seconds <direction> that of the bank',
    advice:
      'Synchronise the clock of this machine (NTP): client assertions are good from 5 seconds before they are made until 55 seconds after, and a bank refuses those that seem to be too old or from the future.',
  },
  'response-empty': {
    recognised: 'A status other than 401 and 5xx with an empty body',
    message: '<sender> answered <answer>',
    advice:
      'Check host and port in the credential. If they are right, ask the bank: some answer in this way to a client or a grant that they refuse.',
  },
  'response-not-json': {
    recognised: 'A body that is no JSON, a web page for example',
    message: '<sender> answered <answer>',
    advice:
      'A web page or a gateway answered in place of the token endpoint. Check host, port and path in the credential.',
  },
  'token-response-invalid': {
    recognised: 'A status of success whose JSON breaks a rule of RFC 6749 §5.1',
    message: 'The bank <problem>',
    advice:
      'The answer is not a token response as RFC 6749 §5.1 defines it. Show this message to the bank.',
  },
  'introspection-response-invalid': {
    recognised:
      'The JSON of an introspection has no "active" that is true or false (RFC 7662 §2.2)',
    message: 'The bank answered an introspection with status <status> and without "active"',
    advice: 'Check the endpoint; if it is right, show this message to the bank.',
  },
  'pushed-response-invalid': {
    recognised:
      'A pushed authorization request was answered without a usable "request_uri" and "expires_in" (RFC 9126 §2.2)',
    message: 'The bank answered a pushed authorization request with status <status> and <problem>',
    advice:
      'Check the endpoint; if it is right, show this message to the bank. No customer was sent there: create the authorization URL again.',
  },
  'discovery-failed': {
    recognised:
      'The metadata of the issuer cannot be fetched, is no JSON, or lacks a token endpoint (OpenID Connect Discovery 1.0 §4)',
    message: 'The metadata of the issuer <problem>',
    advice:
      'Open "<issuer>/.well-known/openid-configuration" in a browser: the bank has to publish its metadata there. Otherwise set "Bank" to "Custom Endpoints" in the credential.',
  },
  'discovery-issuer-mismatch': {
    recognised: '`issuer` in the metadata is another one than in the credential',
    message: 'The metadata of the bank names another issuer than the credential: "<issuer>"',
    advice:
      'Fill in "Issuer" exactly as the metadata states it, after comparing both with the bank\'s documents. An issuer that changed may be an attack. Stored tokens are not touched.',
  },
  'jwks-missing': {
    recognised: 'An ID token is to be verified, and no "JWKS URL" is known',
    message: '<subject> <problem>',
    advice:
      'Fill in "JWKS URL" in the credential: without the keys of the bank its ID tokens cannot be verified.',
  },
  'jwks-unreachable': {
    recognised: "The bank's key set cannot be fetched, or is none (RFC 7517 §5)",
    message: '<subject> <problem>',
    advice:
      'The keys that the bank signs ID tokens with could not be fetched. Check "JWKS URL" where you set it, and try again.',
  },
  'jwks-too-large': {
    recognised: "The bank's key set has more than 1,000 keys or 1 MiB",
    message: '<subject> <problem>',
    advice:
      'No bank publishes this many keys. Check "JWKS URL" where you set it; if it is right, show this message to the bank.',
  },
  'id-token-malformed': idToken(
    'The ID token is no JWT, lacks a claim, or has `crit` or `zip` in its header',
    '<problem>',
  ),
  'id-token-decryption': idToken(
    'The ID token has five parts (JWE), and does not decrypt with the signing key, or is encrypted with an algorithm that banks do not use',
    'is encrypted and could not be decrypted',
    'The ID token is encrypted for another key than the signing key of the credential, or with another algorithm than RSA-OAEP, RSA-OAEP-256 or ECDH-ES with AES-128 or AES-256: compare with the registration.',
  ),
  'id-token-algorithm': idToken(
    '`alg` of the ID token is not "ID Token Algorithm"',
    'is signed with another algorithm than expected',
    'Set "ID Token Algorithm" in the credential to what the bank registered (id_token_signed_response_alg), after checking with the bank that it changed it.',
  ),
  'id-token-signature': idToken(
    "The signature verifies with none of the bank's keys",
    'is not signed with a key that the bank publishes',
  ),
  'id-token-issuer': idToken(
    '`iss` is not the issuer of the credential',
    'has an unexpected "iss"',
    'Fill in "Issuer" in the credential as the bank documents it. Do not use these tokens before both agree.',
  ),
  'id-token-audience': idToken(
    '`aud` is not the client ID, or `azp` is there and is not',
    'has an unexpected "<claim>"',
  ),
  'id-token-time': idToken(
    '`exp`, `nbf` or `iat` is off by more than "Clock Tolerance", or `iat` more than an hour ago when a code is exchanged',
    '<problem>',
    'Check the clock of this machine (NTP). If it is right, show this message to the bank.',
  ),
  'id-token-nonce': {
    recognised:
      '`nonce` is not that of the authorization request (pending, or under "Options") or that of the redirect, or is missing',
    message: '<jwt> <problem>',
    advice:
      'The ID token belongs to another authorization request: do not use these tokens. Start the consent anew.',
  },
  'id-token-access-token-hash': idToken(
    '`at_hash` is not the hash of the access token (OIDC Core §3.1.3.6)',
    'does not belong to the access token ("at_hash")',
  ),
  'id-token-subject': idToken(
    '`sub` or `iss` differs from that of "Original ID Token" after a refresh (OIDC Core §12.2), or from that of the redirect after an exchange (§3.3.3.6)',
    '<problem>',
    'The ID token names another customer or issuer than the one before: do not use these tokens, and tell the bank.',
  ),
  'id-token-code-hash': idToken(
    '`c_hash` is not the hash of the code (OIDC Core §3.3.2.11), or is missing in the ID token of a redirect',
    '<problem>',
    'The ID token belongs to another authorization code: do not use this code, nor tokens that came for it. Start the consent anew; if this happens again, show this message to the bank.',
  ),
  'id-token-state-hash': idToken(
    '`s_hash` is missing, or not the hash of the state in the redirect (FAPI 1.0 Advanced §5.2.2.1)',
    '<problem>',
    redirectAdvice,
  ),
  'id-token-acr': idToken(
    '`acr` is there, and is none of the "ACR Values" of the authorization request (OIDC Core §5.5.1.1)',
    '<problem>',
    'The customer logged in less strongly than was asked for, or the bank names it otherwise: do not use this code, nor tokens that came for it. Ask the bank which values it knows, give them to "Create Authorization URL" as "ACR Values", and start the consent anew.',
  ),
  'id-token-auth-time': idToken(
    '`auth_time` is there, and is off by more than "Clock Tolerance": longer ago than "Maximum Age of Log-In", in the future, or no number',
    '<problem>',
    'The customer logged in too long ago: do not use this code, nor tokens that came for it. Start the consent anew, and let the customer log in. Where that was so, check the clock of this machine (NTP), then "Maximum Age of Log-In" of "Create Authorization URL".',
  ),
  'id-token-consent': {
    recognised:
      '`openbanking_intent_id` is not the consent of the pending authorization or "Consent ID" under "Options", or is missing',
    message: '<jwt> <problem>',
    advice:
      'The customer agreed to another consent than the one that this workflow asked for: do not use the code or the tokens for it. Start the consent anew.',
  },
  'response-jwt-malformed': responseJwt(
    'The parameter "response" is no JWT, or lacks a claim (JARM §2.1)',
    '<problem>',
  ),
  'response-jwt-extension': responseJwt(
    '`crit` or `zip` in the header',
    'has "<name>" in its header',
  ),
  'response-jwt-decryption': responseJwt(
    'It has five parts (JWE), and does not decrypt with the signing key, or is encrypted with an algorithm that banks do not use',
    'is encrypted and could not be decrypted',
    'The response is encrypted for another key than the signing key of the credential, or with another algorithm than RSA-OAEP, RSA-OAEP-256 or ECDH-ES with AES-128 or AES-256: compare with the registration.',
  ),
  'response-jwt-algorithm': responseJwt(
    '`alg` is not "ID Token Algorithm", `none` for example',
    'is signed with another algorithm than expected',
    'Set "ID Token Algorithm" in the credential to what the bank registered (authorization_signed_response_alg), after checking with the bank that it changed it. Do not use the code of an unsigned response.',
  ),
  'response-jwt-key': responseJwt(
    "`kid` is none of the bank's keys, which were fetched again",
    'is not signed with a key that the bank publishes',
  ),
  'response-jwt-signature': responseJwt(
    "The signature does not verify with the bank's key",
    'is not signed with a key that the bank publishes',
  ),
  'response-jwt-issuer': responseJwt(
    '`iss` is not the issuer of the credential',
    'has an unexpected "iss"',
  ),
  'response-jwt-audience': responseJwt('`aud` is not the client ID', 'has an unexpected "aud"'),
  'response-jwt-time': responseJwt(
    '`exp` or `nbf` is off by more than "Clock Tolerance"',
    'is outside its dates ("<claim>")',
    'A redirect is good for minutes: start the consent anew. If it is a fresh one, check the clock of this machine (NTP).',
  ),
});
