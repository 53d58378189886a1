import { rowsOf, type Row } from './entry';

const idTokenAdvice =
  'Do not use these tokens for this customer before the cause is known. Compare the "Issuer", "Client ID" and "ID Token Algorithm" of the credential with what the bank published, and ask the bank where they agree.';

const idToken = (recognised: string, what: string, advice = idTokenAdvice): Row => [
  recognised,
  `The ID token ${what}`,
  advice,
];

/** What is wrong with an answer that is no refusal, or with the tokens in it. */
export const responseErrors = rowsOf('response', {
  redirected: [
    'Status 300 to 399',
    '"<host>" answered with a redirect (<status>), which was not followed',
    'A token endpoint answers, it does not redirect, and a redirect is not followed because it would carry the assertion elsewhere. Check host and port in the credential.',
  ],
  'response-too-large': [
    'A body of more than 1 MiB, compressed or unpacked, or headers of more than 16 KiB',
    '<the answer> <is too large>',
    'A token response has a few kilobytes. Check host and port in the credential: something else answered.',
  ],
  'response-encoding': [
    '`Content-Encoding` is unknown, or the body does not unpack',
    'The answer is compressed in a way that could not be unpacked',
    'The answer could not be unpacked. Check host and port in the credential: something else may have answered.',
  ],
  'clock-offset': [
    'The `Date` header of an answer is more than 5 seconds away from the clock of this machine',
    'The clock of this machine is <n> seconds <ahead of or behind> that of the bank',
    'Synchronise the clock of this machine (NTP): client assertions live a minute, and a bank refuses those that seem to be too old or from the future.',
  ],
  'response-empty': [
    'A status other than 401 and 5xx with an empty body',
    'The bank <answered or refused> with status <status> and an empty body',
    'Check host and port in the credential. If they are right, ask the bank: some answer in this way to a client or a grant that they refuse.',
  ],
  'response-not-json': [
    'A body that is no JSON, a web page for example',
    '<the bank or host> <answered in something else>',
    'A web page or a gateway answered in place of the token endpoint. Check host, port and path in the credential.',
  ],
  'token-response-invalid': [
    'A status of success whose JSON breaks a rule of RFC 6749 §5.1',
    'The bank <answered without a token or broke a rule>',
    'The answer is not a token response as RFC 6749 §5.1 defines it. Show this message to the bank.',
  ],
  'introspection-response-invalid': [
    'The JSON of an introspection has no "active" that is true or false (RFC 7662 §2.2)',
    'The bank answered an introspection with status <status> and without "active"',
    'Check the endpoint; if it is right, show this message to the bank.',
  ],
  'discovery-failed': [
    'The metadata of the issuer cannot be fetched, is no JSON, or lacks a token endpoint (OpenID Connect Discovery 1.0 §4)',
    'The metadata of the issuer <what is wrong with it>',
    'Open "<issuer>/.well-known/openid-configuration" in a browser: the bank has to publish its metadata there. Otherwise set "Bank" to "Custom Endpoints" in the credential.',
  ],
  'discovery-issuer-mismatch': [
    '`issuer` in the metadata is another one than in the credential',
    'The metadata of the bank names another issuer than the credential: "<issuer>"',
    'Fill in "Issuer" exactly as the metadata states it, after comparing both with the bank\'s documents. An issuer that changed may be an attack. Stored tokens are not touched.',
  ],
  'jwks-missing': [
    'An ID token is to be verified, and no "JWKS URL" is known',
    '<the keys> <are not known>',
    'Fill in "JWKS URL" in the credential: without the keys of the bank its ID tokens cannot be verified.',
  ],
  'jwks-unreachable': [
    "The bank's key set cannot be fetched, or is none (RFC 7517 §5)",
    '<the keys or the ID token> <what is wrong>',
    'The keys that the bank signs ID tokens with could not be fetched. Check "JWKS URL" where you set it, and try again.',
  ],
  'id-token-malformed': idToken('The ID token is no JWT, or lacks a claim', 'is not valid<why>'),
  'id-token-decryption': idToken(
    'The ID token has five parts (JWE), and does not decrypt with the signing key',
    'is encrypted and could not be decrypted',
    'The ID token is encrypted for another key than the signing key of the credential: compare with the registration.',
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
    '`aud` or `azp` is not the client ID',
    'has an unexpected "<claim>"',
  ),
  'id-token-time': idToken(
    '`exp`, `nbf` or `iat` is more than 30 seconds off',
    '<is outside its dates>',
    'Check the clock of this machine (NTP). If it is right, show this message to the bank.',
  ),
  'id-token-nonce': [
    '`nonce` is not the one given under "Options", or there is none',
    '<the ID token> <has another nonce or is missing>',
    'The ID token belongs to another authorization request: do not use these tokens. Start the consent anew.',
  ],
  'id-token-access-token-hash': idToken(
    '`at_hash` is not the hash of the access token (OIDC Core §3.1.3.6)',
    'does not belong to the access token ("at_hash")',
  ),
  'id-token-subject': idToken(
    'After a refresh: `sub` or `iss` differs from that of "Original ID Token" (OIDC Core §12.2)',
    '<names another customer>',
    'The refreshed ID token names another customer or issuer than the original one: do not use these tokens, and tell the bank.',
  ),
});
