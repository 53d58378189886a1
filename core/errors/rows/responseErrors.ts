import { rowsOf } from '../entry';

/** Advice for a JWT in a redirect that cannot be trusted. Its code, or the code next to it, was not used. */
export const redirectAdvice =
  'The authorization code was not used. Do not exchange it: the redirect may be forged. Ask the customer for consent again. If this happens again, compare the credential with what the bank published, and ask the bank.';

/** Advice for a signed payload that cannot be trusted. */
export const payloadAdvice =
  'Do not use the content: somebody may have changed it. A detached signature is of the exact text that the bank sent, so pass this text on as it came (HTTP Request: "Response Format" is "Text"). If it is, ask the bank with which key it signs.';

/** Advice for an ID token from the token endpoint that cannot be trusted. */
const idTokenAdvice =
  'Do not use these tokens for this customer before the cause is known. Compare the "Issuer", "Client ID" and "ID Token Algorithm" of the credential with what the bank published. If they agree, ask the bank.';

/** Advice for an answer with status 400, 401 or 403 that gives no reason. */
export const silentRefusal =
  'The bank gives no reason. With this status it mostly refuses the client, and a wrong host, port or path is less likely.';

/** Advice if metadata lacks something. */
export const metadataAdvice =
  'Open "<issuer>/.well-known/openid-configuration" in a browser: the bank has to publish its metadata there. Otherwise set "Bank" to "Custom Endpoints" in the credential, and fill in the addresses that the bank documents.';

/** Failures of a response that is no refusal. */
const answerErrors = rowsOf('response', {
  'response-too-large': {
    recognized: 'A body of more than 1 MiB, compressed or unpacked, or headers of more than 16 KiB',
    message: {
      body: 'The answer is larger than 1 MiB and was not read further',
      headers: '<server> answered with too many headers (<reason>)',
    },
    advice:
      'A token response has a few kilobytes: another server may have answered. Check host and port in the credential.',
  },
  'response-empty': {
    recognized: 'A status other than 401 and 5xx with an empty body',
    message: 'The bank answered with status <status> and an empty body',
    advice:
      'With status 400, 401 or 403 the bank mostly refuses the client, the code or the refresh token: compare the named values with the registration. With another status, check host, port and path in the credential first. If they are right, ask the bank.',
  },
  'response-unexpected': {
    recognized:
      'A redirect (status 300 to 399), a web page, a text, JSON without words, or words with status 404, 405, 410 or 415, an answer that breaks the rules of HTTP (RFC 9112), or a body that cannot be unpacked (`Content-Encoding`)',
    message: {
      body: 'The bank answered with status <status> and <body>',
      encoding: 'The bank answered with a compressed body that could not be unpacked',
      redirect: '<server> answered with a redirect (<status>), which was not followed',
      notHttp: '<server> answered in something that is not HTTP (<reason>)',
      malformed: '<server> sent a malformed answer (<reason>)',
    },
    advice:
      'Check host, port and path in the credential: another server may have answered, for example a web page or a gateway. Redirects are not followed, because they would send the client assertion to another server.',
  },
  'response-invalid': {
    recognized:
      'A success whose JSON breaks a rule: no valid token response (RFC 6749 §5.1), an introspection without "active" (RFC 7662 §2.2), or a pushed authorization request without "request_uri" and "expires_in" (RFC 9126 §2.2)',
    message: {
      body: 'The bank answered with status <status> and <body>',
      noToken: 'The bank answered without an access token',
      noTokenSaid: 'The bank answered without an access token: <words>',
      accessToken:
        'The bank sent tokens in a response that is not valid: "access_token" is missing or no text',
      introspection: 'The bank answered an introspection with status <status> and without "active"',
      pushedRequest:
        'The bank answered a pushed authorization request with status <status> and without a usable "<parameter>"',
      storedToken: 'The stored token of consent "<consent>" cannot be used',
    },
    advice:
      'Check the address of the endpoint in the credential. If it is right, show this message to the bank. After a pushed authorization request no customer was sent to the bank: create the authorization URL again.',
  },
  'not-offered': {
    recognized:
      'A warning, with _Discovery_ alone: the metadata of the bank lists neither the client authentication nor the algorithm of the credential, or lists algorithms of DPoP and does not say that tokens are bound to client certificates',
    message: {
      listed: 'The metadata of the bank does not offer <value> for <use>; it offers: <offered>',
      dpop: 'This bank may want tokens that are bound by DPoP, which this package does not speak: its metadata has "dpop_signing_alg_values_supported", and does not say that tokens are bound to client certificates ("tls_client_certificate_bound_access_tokens")',
      unbound:
        'The metadata of the bank says that tokens are not bound to client certificates ("tls_client_certificate_bound_access_tokens" is false)',
    },
    advice:
      'Banks accept more than their metadata lists, so this is a hint: if the bank refuses, compare the credential with the registration.',
  },
  'clock-offset': {
    recognized:
      'The `Date` header of a response is 5 seconds or more away from the clock of this machine',
    message: 'The clock of this machine is <seconds> seconds <direction> that of the bank',
    advice:
      'Synchronise the clock of this machine (NTP): client assertions are valid from 5 seconds before they are made until 55 seconds after, and a bank refuses those that seem too old or from the future.',
  },
  'discovery-failed': {
    recognized:
      'The metadata of the issuer cannot be fetched, is no JSON, or lacks a token endpoint (OpenID Connect Discovery 1.0 §4). Or an operation needs an endpoint whose value in the metadata is no https address',
    message: {
      answer:
        'The metadata of the issuer could not be fetched: the bank answered with status <status> and <body>',
      endpoint: 'The metadata of the issuer names no usable "<name>": it is <value>',
    },
    advice: metadataAdvice,
  },
  'discovery-issuer-mismatch': {
    recognized: '`issuer` in the metadata is not the issuer of the credential',
    message: 'The metadata of the bank names the issuer "<named>", and the credential "<issuer>"',
    advice:
      'Compare both with the bank\'s documents. Then fill in "Issuer" exactly as the metadata states it. An issuer that changed may be an attack. Stored tokens are not touched.',
  },
  'jwks-unusable': {
    recognized:
      'A JWT of the bank has to be verified, and "JWKS URL" is not known, or the key set cannot be fetched, is none (RFC 7517 §5), or has more than 1,000 keys or 1 MiB',
    message: {
      unknown: 'The address of the keys that the bank signs with is not known',
      answer:
        'The keys that the bank signs with could not be fetched: the bank answered with status <status> and <body>',
      tooMany: 'The key set of the bank is too large: it has <count> keys',
      tooLarge: 'The key set of the bank is too large: it has more than 1 MiB',
      metadata:
        'The address of the keys that the bank signs with is not known: "<member>" in its metadata is <value>',
      jwtMetadata: '<jwt> cannot be verified: "<member>" in the metadata of the bank is <value>',
      jwtUnknown:
        '<jwt> cannot be verified: the address of the keys that the bank signs with is not known',
      jwt: '<jwt> cannot be verified: <reason>',
      notChecked: 'The received tokens could not be checked yet',
    },
    advice:
      'Check "JWKS URL" in the credential: without the keys of the bank its ID tokens cannot be verified. If it is right, try again, or show this message to the bank.',
  },
});

/** Failures of a JWT of the bank: an ID token, from the token endpoint or in a redirect, or a signed redirect (JARM). */
export const jwtErrors = rowsOf('response', {
  'jwt-malformed': {
    recognized:
      "It is no JWT, lacks a claim, or has `crit` or `zip` in its header (JARM §2.1). A signed payload may have UK Open Banking's critical members and `b64`",
    message: {
      headerExtension: '<jwt> has "<name>" in its header',
      notSigned: '<jwt> is not valid: it is not a signed JSON object',
      missing: '<jwt> is not valid: it has no "<claim>"',
      notNumber: '<jwt> is not valid: "<claim>" is no number',
      notText: '<jwt> is not valid: "<claim>" is no text',
      foreign: '<jwt> is not valid: it has "<claim>"',
      unreadable: '<jwt> is not valid',
      noText: '<jwt> is a detached signature, and the text that it signs is not given',
      twoTexts: '<jwt> contains the text that it signs, and another text is given',
    },
    advice: idTokenAdvice,
  },
  'jwt-decryption': {
    recognized:
      'It has five parts (JWE), and does not decrypt with a key of "Decryption Keys" or the signing key, or is encrypted with an algorithm that is refused, such as RSA1_5',
    message: {
      algorithm: '<jwt> is encrypted with <named>, which is not supported',
      kind: '<jwt> is encrypted with <algorithm>, which needs <needed>, and the credential holds <held>',
      namedKey:
        '<jwt> is encrypted (<algorithm>) for the key <wanted>, and this key of the credential does not decrypt it',
      unknownKey:
        '<jwt> is encrypted (<algorithm>) for the key <wanted>, and no key of the credential decrypts it. It holds <held>',
      anyKey:
        '<jwt> is encrypted (<algorithm>) for a key without a name, and no key of the credential decrypts it. It holds <held>',
    },
    advice:
      'The bank encrypts for a key of the registration or directory ("use": "enc"). Put its private key into "Decryption Keys" of the credential; if that is empty, the signing key decrypts. The algorithms are RSA-OAEP, RSA-OAEP-256 and ECDH-ES, with AES-128 or AES-256: with another one, ask the bank to change the registration ("id_token_encrypted_response_alg").',
  },
  'jwt-algorithm': {
    recognized: '`alg` is not "ID Token Algorithm", for example `none`',
    message: {
      other:
        '<jwt> is signed with another algorithm than the "ID Token Algorithm" of the credential: <named> instead of <algorithm>',
      unsigned: '<jwt> is not signed: its header names <named> ("alg")',
    },
    advice:
      'Ask the bank whether it changed the algorithm. Then set "ID Token Algorithm" in the credential to what the bank registered (id_token_signed_response_alg, authorization_signed_response_alg). Do not use the code of an unsigned response.',
  },
  'jwt-signature': {
    recognized:
      "The signature does not verify with the bank's keys, `kid` is none of them, or the key is published for another algorithm or use. They were fetched again. Up to 100 keys are tried",
    message: {
      anyKey:
        '<jwt> names no key ("kid"), and none that the bank publishes for <algorithm> verifies it: <published>',
      namedKey: '<jwt> is not signed with the key <wanted> that it names and the bank publishes',
      unknownKey: '<jwt> names the key <wanted> ("kid"), and the bank publishes <published>',
      noSuchKey:
        '<jwt> is signed with <algorithm> and names no key ("kid"), and the bank publishes no key for that: <published>',
      otherUse:
        '<jwt> is signed with <algorithm> and the key <wanted>, which the bank publishes <use>',
    },
    advice: `${idTokenAdvice} If the message names two key IDs or algorithms, ask the bank which one is right: keys and JWTs have to agree.`,
  },
  'jwt-issuer': {
    recognized: '`iss` is not the issuer of the credential',
    message: '<jwt> names another issuer than the credential ("iss")',
    advice:
      'Fill in "Issuer" in the credential as the bank documents it. Do not use these tokens before both agree.',
  },
  'jwt-audience': {
    recognized:
      '`aud` is not the client ID, or `azp` is there and is not the client ID. Or, after a refresh, `aud` lacks an audience of the first ID token of the consent, or `azp` is another one (OIDC Core §12.2)',
    message: {
      otherAudience: '<jwt> is issued for another client ("aud")',
      otherParty: '<jwt> is issued for another client ("azp")',
      severalAudiences: '<jwt> has several audiences ("aud") and no authorized party',
      changed:
        '<jwt> has another "<claim>" than the first one of the consent: <now> instead of <before>',
    },
    advice: idTokenAdvice,
  },
  'jwt-time': {
    recognized:
      '`exp`, `nbf` or `iat` is off by more than "Clock Tolerance", or `iat` is more than an hour ago when a code is exchanged',
    message: {
      outsideDates: '<jwt> has expired, or is not valid yet ("<claim>")',
      future: '<jwt> was issued in the future ("iat")',
      old: '<jwt> was issued too long ago ("iat")',
    },
    advice: 'Check the clock of this machine (NTP). If it is right, show this message to the bank.',
  },
  'payload-claim': {
    recognized:
      'A claim or a header member of a payload is not as "Verify" of the resource Payload expects it: "Claims", "Issuer", "Audience" or "Trust Anchor"',
    message: {
      missing: '<jwt> has no "<claim>"',
      different: '<jwt> has another "<claim>" than expected',
    },
    advice:
      'Do not use the content: it is meant for somebody else, or comes from somebody else. If the bank signs with another value, correct the expected one in the node.',
  },
  'id-token-binding': {
    recognized:
      '`nonce`, `c_hash` or `s_hash` is missing or does not belong to the authorization request, its code or its state (OIDC Core §3.3.2.11, FAPI 1.0 Advanced §5.2.2.1). Or `at_hash` is not the hash of the access token (OIDC Core §3.1.3.6)',
    message: {
      missing: '<jwt> has no "<claim>"',
      different: '<jwt> belongs to another authorization request, code or state ("<claim>")',
      changed: '<jwt> has another "<claim>" than the first one of the consent',
      accessToken: '<jwt> does not belong to the access token ("at_hash")',
      noIdToken: 'The bank sent no ID token, so the nonce cannot be compared',
      notStored:
        'The ID token was not checked, or did not pass, and the version of this package that stored it did not store the nonce of its request',
    },
    advice:
      'The ID token belongs to another authorization request, code or token. Do not use this code, nor tokens that came for it. Ask the customer for consent again. If this happens again, show this message to the bank.',
  },
  'id-token-subject': {
    recognized:
      '`sub` or `iss` is not that of the first ID token of the consent after a refresh (OIDC Core §12.2), or not that of the redirect after an exchange (§3.3.3.6)',
    message: {
      redirect: '<jwt> names another "sub" or "iss" than the one in the redirect',
      original: '<jwt> names another "<claim>" than the first one of the consent',
      stored:
        'The ID token names another customer ("sub" or "iss") than the tokens that are stored for the consent',
    },
    advice:
      'The ID token names another customer or issuer than the one before. Do not use these tokens, and report this to the bank.',
  },
  'id-token-acr': {
    recognized:
      '`acr` is there, and is none of the values of the authorization request. Or it is missing, and the request asked for it as essential (OIDC Core §5.5.1.1); banks that run WSO2 may leave it out',
    message: {
      different: '<jwt> names another way of logging in than was asked for ("acr")',
      missing: '<jwt> does not say how the customer logged in ("acr"), which was asked for',
    },
    advice:
      'The customer logged in less strongly than was asked for, or the bank has another name for this way of logging in, or none. Do not use this code, nor tokens that came for it. Ask the bank which values it knows, set them in "ACR Values" of "Create Authorization URL", and ask the customer for consent again. If the bank never names one, set "ACR" there to "Voluntary" or "Not Requested".',
  },
  'id-token-auth-time': {
    recognized:
      '`auth_time` is there, and is longer ago than "Maximum Login Age", in the future, or no number. "Clock Tolerance" is allowed for. Or it is missing, and "Maximum Login Age" was asked for (OIDC Core §2); banks that run WSO2 may leave it out. Or it is another one after a refresh (OIDC Core §12.2)',
    message: {
      missing: '<jwt> does not say when the customer logged in ("auth_time"), which was asked for',
      noTime: '<jwt> has an "auth_time" that is no time',
      future: '<jwt> has an "auth_time" in the future',
      old: '<jwt> has an "auth_time" that is too long ago',
      changed:
        '<jwt> has another "auth_time" than the first one of the consent: <now> instead of <before>',
    },
    advice:
      'The customer logged in too long ago, or the bank does not say when. Do not use this code, nor tokens that came for it. Ask the customer for consent again, and let the customer log in. If the customer did log in, check the clock of this machine (NTP), then "Maximum Login Age" of "Create Authorization URL". If the bank never says when, empty that field.',
  },
  'id-token-consent': {
    recognized:
      '`openbanking_intent_id` is missing, or is not the consent of the pending authorization or "Consent ID" under "Options". Or the scope named the consent, and the granted scope (RFC 6749 §5.1) lacks it',
    message: {
      scope:
        'The bank granted the scope "<granted>", without the consent that the customer was asked for ("<asked>")',
      different:
        '<jwt> names another consent than the customer was asked for ("openbanking_intent_id")',
      missing: '<jwt> names no consent ("openbanking_intent_id")',
      noIdToken: 'The bank sent no ID token, so the consent cannot be compared',
    },
    advice:
      'The customer agreed to another consent than the one that this workflow asked for. Do not use the code, nor tokens that came for it. Ask the customer for consent again.',
  },
});

/** Failures of a response that is no refusal, or of the tokens in it. */
export const responseErrors = { ...answerErrors, ...jwtErrors };
