import { rowsOf } from '../entry';

/** How a customer consents again, and nothing of the consent is lost. */
export const askAgain =
  'Ask the customer for consent again: "Create Authorization URL" of the Open Banking Token node with the new "Consent ID", then "Exchange Authorization Code" with the same name in "Keep for Consent".';

/** Advice for a refusal of a header that the node can send. */
export const headerAdvice =
  'Compare the headers of the request with the bank\'s documents. "Financial ID" is in the credential and under "Options" of the node. "Customer IP Address" and "Customer Last Logged In" are under "Options": give them only if the customer is present.';

/** Advice if status 403 came without a reason. */
export const silentForbidden =
  'The bank gives no reason. The likelier cause: the consent does not contain the permission for this data, or does not contain this account, or no longer contains it. Compare with the permissions of the consent, and with "Account" → "Get Many". The other one: the consent has ended, or the bank wants the customer to log in again.';

/** Advice if the list of accounts was refused with status 403. */
export const listForbidden =
  'The likelier cause: the consent does not contain the permission to read accounts ("ReadAccountsBasic", "ReadAccountsDetail"), or has ended. The other one: some banks give the list of accounts only for some minutes after the customer has logged in. To go on without it, set "Accounts" to "One" and give the ID of the account.';

/** Advice for status 401 after a refresh. */
export const afterRefresh = `There are two likely causes. First, the consent has ended at the bank, or the bank wants the customer to log in again. ${askAgain} Second, the bank does not accept this token together with this certificate: tokens are bound to the certificate that they were issued to. Check that "Account API URL" and the token endpoint in the credential belong to the same bank and environment, and that no proxy opens the TLS connection. The stored consent was not changed.`;

/** Advice for status 401 if a stored consent cannot be refreshed. */
export const withoutRefreshToken = `The access token has expired or was revoked, or the consent has ended, and the stored consent has no refresh token that brings another one. ${askAgain}`;

/** Advice if the gateway saw no token. */
export const noTokenSeen =
  'The request had a token, and the gateway did not see it. Check "Account API URL" in the credential, and that no proxy removes the header "Authorization".';

/** A second cause, if status 403 came with words and without a code. */
export const maybeGateway =
  'If these are the words of a gateway and not of the bank: check "Account API URL" and the transport certificate in the credential.';

/** Advice for status 403 with a web page or a text. */
export const gatewayAdvice =
  'A gateway or firewall in front of the bank seems to have refused the request. Check "Account API URL" and the transport certificate in the credential, and ask the bank whether it allows the address of this machine.';

/** A second cause, if a period was asked for. */
export const periodPossible =
  'Or "From" is too long ago: many banks give only the last 90 days, and more only just after the customer has logged in.';

/** Refusals of the account API that concern the consent, the token or the request. */
const refusals = rowsOf('api', {
  'consent-not-accepted': {
    dialectCodes: ['CONSENT_UNKNOWN', 'CONSENT_INVALID', 'CONSENT_EXPIRED'],
    recognized:
      '`UK.OBIE.Resource.InvalidConsentStatus`, `U009`. WSO2: status 400 with the code `Forbidden`. Or status 401 although the token of a stored consent was just refreshed',
    message: {
      ended: 'The bank does not accept the consent for <asked>: it answered <answer>',
      afterRefresh:
        'The bank does not accept the token of the consent for <asked>, although it was just refreshed: it answered <answer>',
    },
    advice: `The consent has expired, was revoked, or was never authorized. ${askAgain}`,
  },
  'reauthentication-needed': {
    recognized: '`UK.OBIE.Reauthenticate`, `U028`',
    message:
      'The bank wants the customer to log in again before it gives <asked>: it answered <answer>',
    advice:
      'The consent has not ended. Let the customer log in at the bank for the same consent: "Create Authorization URL" of the Open Banking Token node with the same "Consent ID" as before, then "Exchange Authorization Code" with the same name in "Keep for Consent".',
  },
  'permission-missing': {
    recognized:
      'Status 403 with an empty body, with words of WSO2 (`Forbidden`) or with unknown words, `UK.OBIE.Resource.ConsentMismatch`, `U008`',
    message: 'The bank does not allow <asked> with this consent: it answered <answer>',
    advice:
      'The consent does not contain the permission for this data, or does not contain this account, or no longer contains it. Compare with the permissions of the consent, and with "Account" → "Get Many". To add a permission, the customer has to consent again.',
  },
  'account-unknown': {
    dialectCodes: ['RESOURCE_UNKNOWN'],
    recognized: '`UK.OBIE.Resource.NotFound`, `U011`, or status 404 or 410 for an account',
    message: 'The bank does not know <asked>: it answered <answer>',
    advice:
      'Compare the account ID with "Account" → "Get Many". The account may belong to another consent, may have left this one, or may have another ID since the customer consented again. If other data of the account can be read, the bank does not offer this kind of data for it. If no account works, compare "Account API URL" in the credential with the bank\'s documents.',
  },
  'api-address-wrong': {
    gatewayCodes: ['900906'],
    recognized:
      'Status 404 or 410 for the list of accounts, or status 405, or a redirect (status 300 to 399), which is not followed',
    message: 'There is no account API at <address>: the server answered <answer>',
    advice:
      'Compare "Account API URL" in the credential with the bank\'s document: host, port, version, and the path up to "/aisp". "/accounts" is added by the node.',
  },
  'application-token-refused': {
    gatewayCodes: ['900905', '900912'],
    message: 'The bank does not accept this kind of token for <asked>: it answered <answer>',
    advice:
      'The token belongs to the application, not to a customer. Set "Authorize With" to "Stored Consent", or give the access token of "Exchange Authorization Code" or "Refresh". A token of "Get Application Token" reads no accounts.',
  },
  'scope-missing': {
    gatewayCodes: ['900910'],
    recognized: '`insufficient_scope` in `WWW-Authenticate` (RFC 6750)',
    message: 'The token lacks the scope for <asked>: the bank answered <answer>',
    advice:
      'Add "accounts" to "Scope" in the credential, and ask the customer for consent again: a refresh adds no scope.',
  },
  'token-not-accepted': {
    gatewayCodes: ['900901', '900902', '900903', '900904'],
    dialectCodes: ['TOKEN_UNKNOWN', 'TOKEN_INVALID', 'TOKEN_EXPIRED'],
    recognized: 'Status 401 for a token that was not refreshed',
    message: 'The bank does not accept the access token for <asked>: it answered <answer>',
    advice:
      'The token has expired, was revoked, or was issued to another certificate than that of this credential. Get a new one with "Refresh" of the Open Banking Token node. Or set "Authorize With" to "Stored Consent": its tokens are refreshed before they expire. If a new token is refused, too, ask the customer for consent again.',
  },
  'api-not-subscribed': {
    gatewayCodes: ['900907', '900908', '900909'],
    message: 'The application may not use the account API: the gateway answered <answer>',
    advice:
      'The application has no active subscription to this API, or the bank blocked it. Subscribe it in the developer portal of the bank, or ask the bank.',
  },
  'period-refused': {
    dialectCodes: ['PERIOD_INVALID', 'WRONG_TRANSACTIONS_PERIOD'],
    recognized: '`UK.OBIE.Field.InvalidDate`, `U003`, and the request has a period',
    message: 'The bank does not give this period of <asked>: it answered <answer>',
    advice:
      'Check "From" and "To". Many banks give only the last 90 days, and older ones only for some minutes after the customer has logged in.',
  },
  'api-refused': {
    recognized: 'Any other status from 400 to 499',
    message: 'The bank refused <asked>: it answered <answer>',
    advice: "The bank's own words above say why. Compare the request with the bank's documents.",
  },
  'api-limit-reached': {
    dialectCodes: ['ACCESS_EXCEEDED'],
    recognized: 'Status 429, whatever the body says, after the waits',
    message: {
      time: 'The bank allows no more requests for <asked> before <time>: it answered <answer>',
      noTime: 'The bank allows no more requests for <asked> at the moment: it answered <answer>',
    },
    advice:
      'Let the schedule ask less often: many banks allow four reads a day for each account without the customer. To wait longer within an execution, raise "Maximum Wait" under "Options".',
  },
  'api-unavailable': {
    recognized: 'Status 500 to 599 or 408. Status 500, 502, 503 and 504 come after the repeats',
    message: {
      time: 'The account API of the bank is not available before <time> (<asked>): it answered <answer>',
      noTime: 'The account API of the bank is not available (<asked>): it answered <answer>',
    },
    advice: `The bank has a fault, or is being serviced. Try again later. If it stays so, the consent may have ended: some banks answer like this if it has expired. ${askAgain}`,
  },
});

/** Advice if a consent was refused because of its permissions. */
export const permissionsRefused =
  'Choose fewer permissions: many banks refuse those that they do not offer, such as "ReadPAN", "ReadParty", "ReadOffers" and "ReadStatementsDetail". Start with the set "Balances and Transactions".';

/** Advice if a consent was refused because of its times. */
export const consentDatesRefused =
  'Check "Expires", "Transactions From" and "Transactions To": many banks give access for 90 or 180 days at most, and "Expires" has to be in the future.';

/** Advice if the bank does not say what it refuses in a consent. */
export const consentRefused = `There are two likely causes. First, the permissions. ${permissionsRefused} Second, the times. ${consentDatesRefused}`;

/** Advice if the application may not use consents. */
export const applicationForbidden =
  'The application may not use this API, or not with this consent: it may belong to another client ID. Check that the application is registered for account information and subscribed to the API, and that "Client ID" is the one that created the consent.';

/** Advice if the bank refuses a token of the application. */
export const applicationTokenUnusable =
  'The node got the token for the application itself a moment ago. Check that "Account API URL" and the token endpoint in the credential belong to the same bank and environment, that the certificate is the same for both, and that no proxy opens the TLS connection.';

/** Advice if a token of the application lacks the scope. */
export const applicationScope =
  'Add "accounts" to "Scope" in the credential, or give the scope that the bank wants for its own applications under "Options" of the node, mostly "accounts" alone.';

/** Advice if there is no resource for consents. */
export const noConsentsHere =
  'There are two likely causes. First, "Account API URL" in the credential is wrong: compare host, port, version, and the path up to "/aisp" with the bank\'s document. Second, the bank has no consents that are created first, such as a WSO2 bank with scope-based consents: then leave this node out, and empty the field "Consent ID" of "Create Authorization URL".';

/** Advice if nobody knows whether a consent was created. */
export const createdPerhaps =
  'The request was not repeated. Run the node again: it creates another consent. If the bank created the first one, too, it has no effect, because no customer will authorize it.';

/** Advice if nobody knows whether a consent was ended. */
export const endedPerhaps =
  'The request was not repeated, and nothing that is stored was deleted. Run the node again: if the consent has ended, the node goes on.';

/** Failures of consents that are created, read or ended. */
const consents = rowsOf('api', {
  'bank-consent-unknown': {
    recognized: 'Status 404 or 410, `UK.OBIE.Resource.NotFound` or `U011` for a consent',
    message: 'The bank does not know the consent "<consentId>": it answered <answer>',
    advice:
      'Compare the consent ID with the output of "Consent" → "Create". The consent may belong to another client ID or to another environment of the bank, or the bank has deleted it. If no consent is known, compare "Account API URL" in the credential with the bank\'s documents.',
  },
  'consent-refused': {
    recognized: 'Status 400 to 499 for a consent, if no other row fits',
    message: {
      create: 'The bank did not create the consent: it answered <answer>',
      get: 'The bank did not give the consent "<consentId>": it answered <answer>',
      end: 'The bank did not end the consent "<consentId>": it answered <answer>',
    },
    advice: consentRefused,
  },
  'consent-outcome-unknown': {
    recognized: 'No answer, or status 500 to 599, after a request that creates or ends a consent',
    message: {
      create: 'It is not known whether the bank created the consent. <reason>',
      end: 'It is not known whether the bank ended the consent "<consentId>". <reason>',
    },
    advice: createdPerhaps,
  },
});

/** Failures of pages and rows that the account API gave. */
const unusable = rowsOf('api', {
  'next-page-elsewhere': {
    message:
      "The bank's link to the next page of <asked> leads to <given>, which is another resource or cannot be read",
    advice:
      'Compare the Account API URL in the credential with the first of the two addresses. If it is right, show this message to the bank: its paging links are wrong. Nothing was sent to the other address.',
  },
  'pages-endless': {
    message: {
      repeated: 'The pages of <asked> do not end: page <page> leads back to a page before it',
      tooMany:
        'The pages of <asked> do not end: after <pages> pages with <rows> rows (<size> MiB) there is still a next one',
    },
    advice:
      'Show this message to the bank: its paging links are wrong. A shorter period between "From" and "To" may need fewer pages.',
  },
  'page-expired': {
    message:
      'Page <page> of <asked> could not be read <seconds> seconds after the page before it: <answer>',
    advice:
      'The bank forgets its pages soon, and the account was already read a second time from its first page. Requests side by side, and pauses that the bank asks for, outlast its links to next pages. Lower "Items at Once" under "Options", so that the bank asks for fewer pauses, or choose a shorter period.',
  },
  'data-missing': {
    message: {
      notJson: 'The bank answered <asked> with status <status> and <body> instead of JSON',
      noData: 'The bank answered <asked> with JSON without "<member>": it has <members>',
      noAccountId: 'The bank answered with an account that has no "AccountId"',
      truncated: 'The bank answered <asked> with JSON that is not complete',
      tooDeep: 'The bank answered <asked> with rows that are nested more than <limit> levels deep',
    },
    advice:
      'Compare "Account API URL" in the credential with the bank\'s document: another server may have answered, for example a gateway or a log-in page. If it is right, try again later, or show this message to the bank.',
  },
  'page-too-large': {
    recognized:
      'A page of more bytes than "Maximum Page Size", compressed or unpacked, or of more than 50,000 rows',
    message: {
      bytes: 'A page of <asked> is larger than <limit> MiB and was not read further',
      rows: 'A page of <asked> has more than <limit> rows and was not used',
    },
    advice:
      'Choose a shorter period between "From" and "To", so that the bank sends fewer rows. If "Maximum Page Size" under "Options" is below 16 MiB, raise it.',
  },
  'amount-unreadable': {
    message: 'The amount <amount> of <row> cannot be read',
    advice:
      'Amounts are never guessed. Show this message to the bank. To get the rows as the bank sends them, switch "Simplify" off.',
  },
  'amount-sign-missing': {
    message:
      'The amount <amount> of <row> has no sign: "CreditDebitIndicator" is <indicator>, neither "Credit" nor "Debit"',
    advice:
      'Signs are never guessed. Show this message to the bank. To get the rows as the bank sends them, switch "Simplify" off.',
  },
  'account-id-unusable': {
    message: 'The account ID <id> cannot be a part of an address',
    advice:
      'Choose the account from the list, or give its ID as "Account" → "Get Many" puts it out. Nothing was sent.',
  },
});

/** Failures of the bank's account API. */
export const apiErrors = { ...refusals, ...consents, ...unusable };
