import { rowsOf } from '../entry';

/** Failures of fields of the credential and of inputs of a node. They come before a request is sent. */
export const fieldErrors = rowsOf('configuration', {
  'field-missing': {
    recognized: 'A field that is needed is empty',
    message: {
      empty: '"<field>" is empty',
      gatewayHost: '"API Gateway Host" is empty, and "Refresh At" names the API gateway',
      signingCertificate: '"<field>" is empty, and the key ID is to be computed from it',
      nextKeys: '"Next Keys From" is filled in, and no next key or certificate is',
      triggerAddress:
        '"Redirect URI" of the trigger is empty: its expression fails or yields no text',
    },
    advice: 'Fill in the field with what the bank issued or documents.',
  },
  'field-malformed': {
    recognized:
      'A field holds a value that it does not offer, a number that is out of range, too many characters, characters that such a value never has, a secret although it is not secret itself, or what n8n shows in place of a stored secret',
    message: {
      unknownValue: '"<field>" has an unknown value',
      notText: '"<field>" of the credential is not text',
      foreign: '"<field>" holds <content>',
      secret: '"<field>" contains the secret of "<secret>"',
      placeholder: '"<field>" was changed without being emptied first',
      clientId: '"Client ID" contains characters that no client ID has',
      financialId:
        '"Financial ID" has more than 255 characters, or characters that cannot be in a header',
      keyId: '"<field>" has more than 255 characters, or characters that no key ID has',
      range: '"<field>" is not a number of seconds from <minimum> to <maximum>',
      seconds: '"<field>" is not a number of seconds',
      wholeSeconds: '"<field>" is not a whole number of seconds',
      wholeNumber: '"<field>" is not a whole number from <minimum> on',
      between: '"<field>" is not a number from <minimum> to <maximum>',
      address: '"<field>" is not an IP address',
      expression: '"<field>" is the text of an expression, not its result',
      endpointAudience:
        '"Audience" names an endpoint, and with discovery the bank chooses its endpoints itself',
      openidForIdToken: '"Scope" lacks "openid", without which the bank sends no ID token',
      openidForConsent: '"Scope" lacks "openid", without which no ID token names the consent',
      clientSecret: '"<field>" contains <fault>, which no client secret has',
      extraHeader: '"<field>" cannot be used because of line <line>: <fault>',
      length: '"<field>" has more than <maximum> characters',
      rounded: '"<field>" is a number that a computer rounds',
      hosts: '"<field>" <fault>',
      shortKey: '"Encryption Key" contains a key of fewer than <minimum> characters',
      guessableKey:
        '"Encryption Key" begins with a key that can be guessed: it repeats itself, or has few different characters',
      originalIdToken: '"Original ID Token" is no ID token that can be read',
      date: '"<field>" is not a date such as 2026-03-31',
      dateAndTime: '"<field>" is not a date and time such as 2026-12-01T02:00Z',
      exchangeTooLate: '"Next Keys From" (<from>) is later than the end of <certificate> (<date>)',
      exchangeTooEarly:
        '"Next Keys From" (<from>) is earlier than the beginning of <certificate> (<date>)',
      notTogether: '"<field>" does not work with <other>',
      taxNumber: '"<field>" is no <kind>: <fault>',
      otherPermission: '"<field>" holds "<permission>", which is not known in this regime',
      noConsents:
        'With the regime "<regime>", a bank has no consent that can be read or ended by its ID',
      otherAccountApi:
        'The account API of the regime "<regime>" is not that of Open Banking UK, which this node reads',
      pollTime: '"Poll Times" contains a time that cannot be used: "<expression>"',
      past: '"<field>" is in the past (<time>)',
      assertion: '"Payload" would be a client assertion: its "iss" and "sub" are the client ID',
      noObject: '"<field>" is no JSON object',
      reserved: '"<field>" contains "<name>", which the node sets itself',
      tokenLost: '"Output" leaves the refresh token out, and the tokens are not stored',
    },
    advice:
      'Choose one of the values that the field offers, or copy the value again from what the bank issued.',
  },
  'dates-reversed': {
    message: '"From" (<from>) is later than "To" (<to>)',
    advice: 'Swap the two dates, or correct the expression that gives them. Nothing was sent.',
  },
  'url-malformed': {
    recognized: 'A field holds no host name and no URL that begins with `https://`',
    message: {
      http: '"<field>" begins with "http://"',
      notHttps: '"<field>" does not begin with "https://"',
      unreadable: '"<field>" is not a host name or URL',
      characters: '"<field>" contains white space or a backslash',
      user: '"<field>" contains a user name or password',
      path: '"<field>" contains a path, and a host name is expected',
      query: '"<field>" contains "?"',
      fragment: '"<field>" contains "#"',
      placeholder: '"<field>" contains "<placeholder>", which stands for a value to fill in',
      otherEndpoint: '"<field>" holds the address of the <endpoint>',
      redirectUri: '"Redirect URI" is not an address that begins with "https://"',
      request: 'The URL of the request begins with "<scheme>", not with "https:"',
      unreadableRequest: 'The URL of the request is no complete address',
      userInRequest: 'The URL of the request contains a user name or password',
    },
    advice:
      'Copy the address again from the bank\'s onboarding document: a host name with an optional port, or a URL that begins with "https://". Requests to a bank are never sent without TLS.',
  },
  'host-not-allowed': {
    recognized:
      'The credential sets a token (_Authorize HTTP Requests With_), and the host of an HTTP Request node is neither that of an endpoint nor in "API Gateway Host", "Account API URL" or "API Hosts"',
    message: 'The host "<host>" is not one of the hosts of this credential: <hosts>',
    advice:
      'Nothing was sent to this host. If the host belongs to the bank, add it to "API Hosts" in the credential; with WSO2 this field is behind "Use Custom Settings", and the API gateway has a field of its own. If the node takes the address from an answer (pagination), look at the answer: an answer must not choose who gets the token.',
  },
  'option-refused': {
    recognized:
      'An HTTP Request node has _Ignore SSL Issues_ on, or certificate authorities of its own in _SSL Certificates_',
    message: {
      verification:
        'The node ignores SSL issues, and the server of a bank is always verified with this credential',
      authorities:
        'The node has certificate authorities of its own, and only those of the credential count',
    },
    advice:
      'Nothing was sent. Switch "Ignore SSL Issues" off in the node, and remove "CA" from its SSL certificates. If the server\'s certificate comes from the bank\'s own authority, put that authority into "Certificate Authorities" in the credential.',
  },
  'endpoint-missing': {
    recognized: 'Neither the credential nor the metadata of the bank names the endpoint',
    message: {
      unknown: 'No <endpoint> of this bank is known',
      metadata: 'No <endpoint> of this bank is known: "<member>" in its metadata is <value>',
    },
    advice:
      'With custom endpoints, fill in this endpoint in the credential. Otherwise the bank does not offer it, or does not publish its address: if the bank documents one, set "Bank" to "Custom Endpoints".',
  },
  'input-missing': {
    recognized: 'The token, code, redirect or consent that a node needs is empty',
    message: {
      input: '"<input>" is empty',
      code: 'The redirect carries an empty "code"',
      header: 'The header "<header>" is empty',
      consent: 'The request names no consent',
    },
    advice:
      'Give the value. If the field has an expression, the expression yields an empty value: look at the input of the node.',
  },
  'header-malformed': {
    recognized:
      'The header `Authorization` or `x-open-banking-consent` of an HTTP Request node is empty, is not evaluated (`{{`), or is there twice',
    message: {
      empty: 'The header "<header>" is empty',
      expression: 'The value of the header "<header>" is the text of an expression, not its result',
      twice: 'The node has the header "<header>" twice, with different values',
      unknown: 'The header "<header>" is unknown to this package',
      consentAndToken: 'The node names a consent and sets a token itself',
    },
    advice:
      'Switch the field "Value" of the header from Fixed to Expression, and look at the input of the node.',
  },
  'consent-malformed': {
    recognized:
      'The name has more than 500 characters, control characters, the form of a token or key, `{{`, or is a number that is no safe integer. A new name also has characters that nobody sees or can tell from others: zero-width ones, separators, other spaces than the usual one, those that change the direction of writing, or letters that are not in Unicode NFC',
    message: {
      rounded:
        '"Consent" is a number that a computer rounds, so that two consents could get one name',
      secret: '"Consent" holds a token or a key, not a name',
      expression: '"Consent" is the text of an expression, not its result',
      characters: '"Consent" has more than 500 characters, or characters that cannot be stored',
      unseen: '"Consent" contains <character>, so that nobody could tell it from another name',
      letters:
        '"Consent" has a letter in two parts, such as "e" and an accent (not Unicode NFC), so that nobody could tell it from another name',
      storedElsewhere:
        'The refresh token is stored for the consent "<consent>", and "Keep for Consent" names another one',
    },
    advice:
      'Give a short name of letters, digits and signs, for example the consent ID of the bank.',
  },
  'code-malformed': {
    recognized: 'The input is neither a code nor a redirect that carries a code',
    message: {
      noCode: 'The redirect carries no "code"',
      encoding: '"Authorization Code" is percent-encoded in a way that cannot be decoded',
      characters:
        '"Authorization Code" contains characters that no code has, the first of them <character>',
    },
    advice:
      "Paste the authorization code alone, or the whole address that the bank redirected the customer's browser to, unchanged.",
  },
  'refresh-token-malformed': {
    recognized:
      'The input holds line breaks or characters beyond ASCII (RFC 6749, appendix A), or is an access token: a JWT of the type `at+jwt`, or the access token or ID token of the incoming item',
    message: {
      characters: '"Refresh Token" contains characters that no refresh token has',
      accessToken: '"Refresh Token" holds an access token ("typ" in its header is "at+jwt")',
      otherToken: '"Refresh Token" holds <token> of the incoming item',
      expression: '"First Refresh Token" is the text of an expression: this field takes none',
    },
    advice:
      'Give the refresh token of the last token response, unchanged. Take it whole from a field or an expression.',
  },
  'already-used': {
    recognized:
      'This process sent it within the last hour, and the answer is not in memory any more: ten minutes have passed since, or 2,000 others were sent. Or the bank refused a code, and it comes again after a change under "Options"',
    message: {
      code: 'The authorization code was sent to the bank before, and the answer is no longer in memory',
      refreshToken:
        'The refresh token was sent to the bank before, and the answer is no longer in memory',
      failedCode:
        'The authorization code was sent to the bank before and brought no tokens: <reason>',
    },
    advice:
      'Nothing was sent: if a code or refresh token comes twice, a bank may end the consent. The tokens that it brought are in the output of the execution that sent it, if n8n stores executions. If they are stored for a consent, use "Get Stored Token". If they are lost, ask the customer for consent again.',
  },
  'state-mismatch': {
    recognized: '"state" in the redirect is not the one given under "Options"',
    message: '"state" in the redirect is not that of the authorization request',
    advice:
      'Do not use this code: the redirect belongs to another authorization request, or is forged. Ask the customer for consent again.',
  },
  'issuer-mismatch': {
    recognized:
      '"iss" in the redirect is not the issuer of the credential (RFC 9207). Or it is missing, and the metadata of the bank has `authorization_response_iss_parameter_supported` (RFC 9207 §2.4), or the regime demands it (FAPI 2)',
    message: {
      different: 'The redirect names another issuer than the credential ("iss")',
      missing:
        'The redirect carries no "iss", which the metadata of the bank promises or the regime demands',
    },
    advice:
      'Do not use this code: the redirect may come from another authorization server. Give the whole address of the redirect, and compare "Issuer" in the credential with the bank\'s documents. Then ask the customer for consent again.',
  },
});
