import { wordsIn } from './entry';

/** Words of servers that are not known by name: they were seen in the answers of banks, and are plain enough. */
export const otherWords = wordsIn('answers of banks, see test/oauth/messages', {
  'certificate-binding-mismatch': ['different certificate', 'Fingerprints mismatch'],
  'invalid-scope': ['The access token does not allow you to access the requested resource'],
});
