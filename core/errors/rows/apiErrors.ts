import { rowsOf } from '../entry';

/** Failures of the bank's account API. */
export const apiErrors = rowsOf('api', {
  'next-page-elsewhere': {
    message:
      'The next page of <asked> is said to be at <given>, which is another resource or address',
    advice:
      'Compare the Account API URL in the credential with the first of the two addresses. If it is right, show this message to the bank: its paging links are wrong. Nothing was sent to the other address.',
  },
});
