import type { BankClient } from '../../oauth/client';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { TokenStore } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import type { NextStep } from './nextStep';
import type { ReadRecord } from './receivedCheck';
import type { UnsavedRecords } from './unsavedRecords';

/** The objects that a refresh works with. */
export interface RefreshContext {
  readonly client: BankClient;
  readonly store: TokenStore;
  readonly keys: EncryptionKeys;
  readonly unsaved: UnsavedRecords;
}

/** A refresh that a caller waits for. */
export interface WantedRefresh extends RefreshContext {
  /**
   * The next step for a record, see `nextStepOf`.
   *
   * @param isChecked whether the received tokens were checked just now, and did not pass
   */
  readonly nextStep: (read: ReadRecord, isChecked?: boolean) => NextStep;
}

/** Tokens of a consent that may be used now. */
export interface ConsentToken {
  readonly tokens: TokenSet;
  /** Warnings. */
  readonly remarks: readonly string[];
  /** The bank's ID of the consent, if it is known. */
  readonly consentId?: string;
}
