import { rowsOf } from '../entry';

/** What is wrong with the place where tokens are kept, or with what is kept there. */
export const storeErrors = rowsOf('store', {
  'store-unavailable': {
    recognised:
      'The file cannot be opened or is no database; PostgreSQL cannot be reached, or refuses the log-in',
    message: 'The token store <where> cannot be used: <reason>',
    advice:
      'For PostgreSQL, check "PostgreSQL Connection" in the credential, and that the server runs. For this machine, check that the file in the folder ".n8n" belongs to the user that n8n runs as. The bank was not asked.',
  },
  'store-not-writable': {
    recognised: 'The disk is full, or file or database are read-only',
    message: 'The token store <where> cannot be written: <reason>',
    advice:
      'Make room on the disk, or make the file or database writable. The bank was not asked, so that no token is lost.',
  },
  'store-newer': {
    recognised:
      'The schema version in the store is higher than the one that this version of the package knows',
    message: 'The token store <where> was written by a newer version of this package',
    advice: 'Install the newer version of this package on every n8n that uses this store.',
  },
  'store-busy': {
    recognised: 'Another refresh of the same consent did not end in time',
    message:
      'The token of consent "<consent>" is being refreshed elsewhere, and that did not end in time',
    advice:
      'Run the workflow again. Where this lasts, a process was ended in the middle of a refresh: its claim ends by itself within a minute or two.',
  },
  'encryption-key-wrong': {
    recognised: 'The record was encrypted with another key than the one of the credential',
    message: '<record> was encrypted with another key',
    advice:
      'Put the key that the record was encrypted with behind the new one in "Encryption Key", separated by a space. Where the field was empty, the key was derived from the private key of that time. If it is lost, ask the customer for consent again; for a pending authorization, create a new authorization URL.',
  },
  'record-damaged': {
    recognised:
      'The key is right, and the record does not decrypt: it was edited, or moved from another consent',
    message: '<record> was changed by something else than this package',
    advice:
      'Restore the record from a backup, or ask the customer for consent again. Other consents are not affected.',
  },
  'consent-unknown': {
    recognised:
      'No record of this bank, client ID and consent, and no first refresh token in the credential',
    message: 'No token is kept for the consent "<consent>"',
    advice:
      'Exchange an authorization code with "Keep for Consent" set to this name, or give "First Refresh Token" in the credential. Compare the name to the letter.',
  },
  'consent-ended': {
    recognised: 'The bank refused the refresh token of the consent, now or at an earlier time',
    message: 'The consent "<consent>" has ended: <reason>',
    advice:
      'Ask the customer for consent again, and exchange the new code with "Keep for Consent" set to the same name.',
  },
  'refresh-outcome-unknown': {
    recognised:
      'A refresh was sent and no answer came, by this process or, less than a minute ago, by another one',
    message: 'Whether the refresh of consent "<consent>" was carried out is not known: <reason>',
    advice:
      'A run in a minute or later tries the stored refresh token once more. If the bank then refuses it, its answer with the new token was lost on the way, and the customer has to give consent again.',
  },
  'token-not-stored': {
    recognised: 'New tokens were received, and the store could not be written any more',
    message: 'The new tokens of consent "<consent>" could not be stored yet: <reason>',
    advice:
      'Do not stop n8n: the tokens are kept in its memory, and are stored as soon as the store can be written. Make room on the disk, or start the database.',
  },
});
