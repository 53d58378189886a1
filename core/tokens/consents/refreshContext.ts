import type { BankClient } from '../../oauth/client';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { TokenStore } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import type { Course, Situation } from './course';
import type { ReadRecord } from './receivedCheck';
import type { UnsavedRecords } from './unsavedRecords';

/** The objects that a refresh works with. */
export interface RefreshContext {
  readonly client: BankClient;
  readonly store: TokenStore;
  readonly keys: EncryptionKeys;
  readonly unsaved: UnsavedRecords;
}

/** When the next step for a record is looked for. */
export type Moment = Pick<Situation, 'isLeased' | 'isChecked'>;

/** A refresh that a caller waits for. */
export interface WantedRefresh extends RefreshContext {
  /** The next step for a record, see `courseOf`. */
  readonly course: (read: ReadRecord, moment?: Moment) => Course;
}

/** Tokens of a consent that may be used now. */
export interface ConsentToken {
  readonly tokens: TokenSet;
  /** Warnings. */
  readonly remarks: readonly string[];
  /** The bank's ID of the consent, if it is known. */
  readonly consentId?: string;
}
