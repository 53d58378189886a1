import { rowsOf } from '../entry';

/** What is wrong with addresses, choices and inputs, before anything is sent. */
export const fieldErrors = rowsOf('configuration', {
  'host-missing': {
    recognised: 'The field is empty',
    message: '"<field>" is empty',
    advice:
      'Fill in "Host" in the credential: the name of the bank\'s identity server, for example "is.bank.example" or "is.bank.example:9446".',
  },
  'url-missing': {
    recognised: 'The field is empty',
    message: '"<field>" is empty',
    advice:
      'Fill the field in as the bank\'s onboarding document states it, beginning with "https://".',
  },
  'url-malformed': {
    recognised: 'The field holds something other than a host name or an https URL',
    message: '"<field>" <problem>',
    advice:
      'Copy the address anew from the bank\'s onboarding document: a host name with an optional port, or a URL that begins with "https://".',
  },
  'url-insecure': {
    recognised: 'An address begins with `http://`',
    message: '<subject> begins with "http://"',
    advice:
      'Use "https://": requests to a bank never travel without TLS, because they carry what opens the customer\'s accounts.',
  },
  'endpoint-missing': {
    recognised: 'Neither the credential nor the metadata of the bank names the endpoint',
    message: 'No <endpoint> is known of this bank',
    advice:
      'With custom endpoints, fill the endpoint in in the credential. Otherwise the bank offers none.',
  },
  'token-missing': {
    recognised: 'The input is empty',
    message: '"<field>" is empty',
    advice:
      'Give the token, or the name of a consent whose token is kept. An expression that yields nothing has this effect, too: look at the input of the node.',
  },
  'consent-missing': {
    recognised: 'The input is empty',
    message: '<subject> is empty',
    advice:
      'Give the name that the tokens are kept under, for example the consent ID of the bank. An expression that yields nothing has this effect, too: look at the input of the node.',
  },
  'header-malformed': {
    recognised:
      'The header `Authorization` or `x-open-banking-consent` of an HTTP Request node is empty, is not evaluated (`{{`), or is there twice',
    message: 'The <header> <problem>',
    advice:
      'Switch the field "Value" of the header to Expression, and look at the input of the node.',
  },
  'consent-malformed': {
    recognised:
      'The name has more than 500 characters, control characters, the form of a token or key, `{{`, or is a number that is no safe integer',
    message: '"Consent" <problem>',
    advice:
      'Give a short name of letters, digits and signs, for example the consent ID of the bank.',
  },
  'client-id-missing': {
    recognised: 'The field is empty',
    message: '"Client ID" is empty',
    advice:
      'Fill in "Client ID" in the credential: the value that the bank issued when the application was registered.',
  },
  'client-id-malformed': {
    recognised: 'The field holds line breaks or characters beyond ASCII (RFC 6749, appendix A)',
    message: '"Client ID" contains characters that no client ID has',
    advice:
      'Copy "Client ID" anew from what the bank issued: letters, digits and signs of the US keyboard.',
  },
  'audience-missing': {
    recognised: '"Audience" is a custom value, and the value is empty',
    message: '"Audience Value" is empty',
    advice: 'Fill in "Audience Value", or choose another kind of audience in the credential.',
  },
  'setting-malformed': {
    recognised: 'A field holds a value that it does not offer, or no text',
    message: '"<field>" <problem>',
    advice: 'Choose one of the values that the field offers.',
  },
  'redirect-uri-missing': {
    recognised:
      'An exchange or an authorization URL, and neither node nor credential names a redirect URI',
    message: '"Redirect URI" is empty',
    advice:
      'Fill in "Redirect URI" in the credential, exactly as it was registered and used when the customer gave consent.',
  },
  'code-missing': {
    recognised: 'The input, or "code" in it, is empty',
    message: '<subject> <problem>',
    advice:
      "Give the authorization code, or the whole address that the bank redirected the customer's browser to. An expression that yields nothing has this effect, too: look at the input of the node.",
  },
  'code-malformed': {
    recognised: 'The input is neither a code nor a redirect that carries one',
    message: '<subject> <problem>',
    advice:
      "Paste the authorization code alone, or the whole address that the bank redirected the customer's browser to, unchanged.",
  },
  'state-mismatch': {
    recognised: '"state" in the redirect is not the one given under "Options"',
    message: '"state" in the redirect is not that of the authorization request',
    advice:
      'The redirect belongs to another authorization request, or was forged: do not use this code. Start the consent anew.',
  },
  'issuer-mismatch': {
    recognised: '"iss" in the redirect is not the issuer of the credential (RFC 9207)',
    message: '"iss" in the redirect is not the issuer of the credential',
    advice:
      'The redirect came from another authorization server than the credential names: do not use this code. Compare "Issuer" in the credential with the bank\'s documents.',
  },
  'issuer-missing': {
    recognised:
      '`authorization_response_iss_parameter_supported` in the metadata, and no "iss" in the redirect (RFC 9207 §2.4)',
    message: 'The redirect carries no "iss", which the metadata of the bank promises',
    advice:
      'Do not use this code: the redirect may come from another authorization server. If only part of the address was given, give all of it; otherwise start the consent anew.',
  },
  'refresh-token-missing': {
    recognised: 'The input is empty',
    message: '"Refresh Token" is empty',
    advice:
      'Give the refresh token of the last token response. An expression that yields nothing has this effect, too: look at the input of the node.',
  },
  'refresh-token-malformed': {
    recognised:
      'The input holds line breaks or characters beyond ASCII (RFC 6749, appendix A), or is an access token: a JWT of the type `at+jwt`, or the access token or ID token of the incoming item',
    message: '"Refresh Token" <problem>',
    advice:
      'Give the refresh token of the last token response, unchanged. It must come from a field or an expression as a whole.',
  },
});
