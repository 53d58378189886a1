import type { BankClient } from '../../oauth/client';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { TokenStore } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import type { ConsentIdentity } from '../records/recordContent';
import type { BankLimits } from './bankLimits';
import type { Heart } from './heart';
import type { NextStep, StepInput } from './nextStep';
import type { ReadRecord } from './receivedCheck';
import type { UnsavedRecords } from './unsavedRecords';

/** Objects that all clients of a store in this process share. */
export interface SharedObjects {
  /** Tokens that wait for the store. */
  readonly unsaved: UnsavedRecords;
  /** The heartbeat of this process in the store. */
  readonly heart: Heart;
  /** The limits of the client's bank. */
  readonly limits: BankLimits;
}

/** The objects that a refresh works with. */
export interface RefreshContext extends SharedObjects {
  readonly client: BankClient;
  readonly store: TokenStore;
  readonly keys: EncryptionKeys;
}

/** Facts about the caller's work on a record that its content does not show. */
export type StepFlags = Pick<StepInput, 'isLeased' | 'isChecked'>;

/** A refresh that a caller waits for. */
export interface WantedRefresh extends RefreshContext {
  /** The next step for a record, see `nextStepOf`. */
  readonly nextStep: (read: ReadRecord, flags?: StepFlags) => NextStep;
}

/** Tokens of a consent that may be used now. */
export interface ConsentToken extends ConsentIdentity {
  readonly tokens: TokenSet;
  /** Warnings. */
  readonly remarks: readonly string[];
}
