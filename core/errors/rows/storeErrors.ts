import { rowsOf } from '../entry';

/** Failures of the token store, and of the records in it. */
export const storeErrors = rowsOf('store', {
  'store-unavailable': {
    recognized:
      'The file cannot be opened, is no database, or was copied without its `-wal`. Or PostgreSQL cannot be reached or refuses the log-in, or its connection string lacks something, for example "sslmode"',
    message: 'The token store <where> cannot be used: <reason>',
    advice:
      'For PostgreSQL, check "PostgreSQL Connection" in the credential, and that the server runs. For this machine, check that the file in the folder ".n8n" belongs to the user that n8n runs as. The bank was not asked.',
  },
  'store-not-writable': {
    recognized:
      'The disk is full, the file or database is read-only, or the user of PostgreSQL lacks a privilege',
    message: 'The token store <where> cannot be written: <reason>',
    advice:
      'Make room on the disk, or make the file or database writable. The bank was not asked, so no token is lost.',
  },
  'store-newer': {
    recognized: 'The schema version of the store is higher than this version of the package knows',
    message: 'The token store <where> was written by a newer version of this package',
    advice: 'Install the newer version of this package on every n8n that uses this store.',
  },
  'store-file-linked': {
    recognized:
      'The file has another name (a hard link), or it was mounted by itself into a container, without its folder',
    message: {
      hardLink: 'The token store <where> cannot be used: the file has <names> names (hard links)',
      mounted:
        'The token store <where> cannot be used: the file is mounted by itself, without its folder',
    },
    advice:
      'SQLite finds its locks and the file "-wal" by the path. If two n8n use the file under different paths, they do not see each other\'s changes: they send the same refresh token twice, and consents end. If two n8n share the file, mount its folder in place of the file, or use PostgreSQL. If another program made a hard link, stop n8n and delete the link. A symbolic link is permitted. The bank was not asked.',
  },
  'store-busy': {
    recognized: 'Another refresh of the same consent did not finish in time',
    message:
      'The token of consent "<consent>" is being refreshed by another process that did not finish in time',
    advice:
      'Another process waits for the bank or for the store, or hangs. Run the workflow again in a few minutes. If that process has ended, its lease is taken over without your help.',
  },
  'encryption-key-wrong': {
    recognized:
      'The record of an authorization URL has the name of a key of the credential, and its content that of another key: it was edited. (A stored consent of another key is `consent-unknown`, and an authorization URL of another key is not found)',
    message: '<record> was encrypted with another key',
    advice: 'Send the customer to the bank again, with a new authorization URL.',
  },
  'record-damaged': {
    recognized:
      'The key is right, and the record cannot be decrypted: it was edited, or moved from another consent',
    message: '<record> was changed by something other than this package',
    advice:
      'Restore the record from a backup, or ask the customer for consent again. Other consents are not affected.',
  },
  'consent-unknown': {
    recognized:
      'No record for this bank, client ID and consent that belongs to an encryption key of the credential, and no first refresh token in the credential',
    message: 'No token is stored for the consent "<consent>"',
    advice:
      '"List Stored Consents" shows the names: compare letter by letter. If the consent is new, exchange an authorization code with "Keep for Consent" set to this name, or fill in "First Refresh Token" in the credential. If "Encryption Key" of the credential was changed, empty the field, and fill in the new key, a space, and the former key. If the private key was replaced while "Encryption Key" was empty: (1) put the old certificate and its private key back; (2) fill in an "Encryption Key"; (3) run "Get Stored Token" with "Refresh Now" once for each consent, which may fail at the bank; (4) put the new pair in.',
  },
  'account-not-read': {
    recognized:
      '"Mark as Processed" got an account that neither a trigger nor "Get Many" has read, and that is not in the list of accounts of the consent',
    message: 'The account "<account>" of the consent "<consent>" was never read',
    advice:
      'The items have to be those that the trigger or "Transaction" → "Get Many" put out: "consent" and "account_id" of the item are compared letter by letter. If they are, run "Account" → "Get Many" of the consent once. Nothing was marked for this item.',
  },
  'consent-ended': {
    recognized:
      'The bank refused the refresh token of the consent twice, at least an hour apart, or once after an answer was lost. Or the access token expired, and there is no refresh token',
    message: {
      refused: 'The consent "<consent>" has ended: <reason>',
      refusedBefore:
        'The consent "<consent>" has ended: the bank refused its refresh token on <time>: <reason>',
      refusedByFormer: 'The consent "<consent>" has ended: the bank refused its refresh token',
      noRefreshToken: 'The consent "<consent>" has ended: the bank gave no refresh token with it',
    },
    advice:
      'Ask the customer for consent again, and exchange the new code with "Keep for Consent" set to the same name. If the bank was wrong, "Try Once More" of "Get Stored Token" sends the stored refresh token again.',
  },
  'refresh-outcome-unknown': {
    recognized:
      'A refresh was sent, and no answer came, or an answer that does not say whether the refresh was carried out, for example status 503. Another process may have sent it',
    message: {
      failed:
        'It is not known whether the refresh of consent "<consent>" was carried out: <reason>',
      earlier:
        'It is not known whether the refresh of consent "<consent>" on <time> was carried out: <reason>',
      underWay:
        'It is not known whether the refresh of consent "<consent>" on <time> was carried out: its process stored no result',
    },
    advice:
      'Run the workflow again: the stored refresh token is sent once more as soon as the first request is known to be over, mostly five seconds after its end. If the bank then refuses it, the response with the new token was lost, and the customer has to give consent again.',
  },
  'token-not-stored': {
    recognized: 'New tokens were received, and the store could no longer be written',
    message: 'The new tokens of consent "<consent>" could not be stored yet: <reason>',
    advice:
      'The tokens are in the memory of n8n, and are stored as soon as the store can be written. Do not stop n8n. Make room on the disk, or start the database.',
  },
});
