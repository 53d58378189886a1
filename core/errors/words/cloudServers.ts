import { wordsIn } from './entry';

/** Words of Auth0. */
export const auth0Words = wordsIn('auth0/Auth0.swift, issue 819', {
  'refresh-token-unknown': ['Unknown or invalid refresh token'],
});

/** Words of Okta. */
export const oktaWords = wordsIn('okta/okta-react-native, issues 109 and 287', {
  'refresh-token-unknown': ['The refresh token is invalid or expired'],
});

/** Words of PingFederate. */
export const pingWords = wordsIn('public clients of PingFederate (GitHub)', {
  'refresh-token-unknown': ['unknown, invalid, or expired refresh token'],
});

/** Words of IBM Security Verify Access. Their first word is the number of the message. */
export const ibmWords = wordsIn('public answers of IBM Security Verify Access (GitHub)', {
  'redirect-uri-mismatch': [
    'The received redirection URI does not match the redirection URI that this grant was issued to',
  ],
  'client-credentials-invalid': ['An invalid secret was provided for the client with identifier'],
});

/** Words of Authlete. Their first word is its result code. */
export const authleteWords = wordsIn('public answers of Authlete (GitHub), result code A050317', {
  'pkce-failed': [
    "The token request contains 'code_verifier' although its corresponding authorization request did not contain 'code_challenge'",
  ],
});
