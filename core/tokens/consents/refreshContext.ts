import type { BankClient } from '../../oauth/client';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { StoredRecord, TokenStore } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import type { UnsavedRecords } from './unsavedRecords';

/** The objects that a refresh works with. */
export interface RefreshContext {
  readonly client: BankClient;
  readonly store: TokenStore;
  readonly keys: EncryptionKeys;
  readonly unsaved: UnsavedRecords;
  /** The tokens of a record if they may be used; `undefined` if they have to be refreshed. @throws if a check of them failed */
  readonly usable: (record: StoredRecord) => TokenSet | undefined;
}

/** Tokens of a consent that may be used now. */
export interface ConsentToken {
  readonly tokens: TokenSet;
  /** Warnings. */
  readonly remarks: readonly string[];
}
