import type { IExecuteFunctions } from 'n8n-workflow';
import type { Pulled, PullRequest } from '../../../core/accounts/pull';
import type { Remarks } from '../../../core/lib/remarks';
import type { Slots } from '../../../core/lib/slots';
import type { BankClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import type { KeepingSettings } from '../../../core/tokens/settings';
import type { SyncMemory } from '../../../core/sync/memory';
import type { ParameterSource } from '../../parameters';
import type { Outcome } from './outputItems';

/** How to ask the account API for one input item. */
export interface PullInput {
  readonly request: PullRequest;
  /** All items of the execution share them: each account that is read takes one. */
  readonly slots: Slots;
  /** Whether the other accounts are read if one of them fails. */
  readonly continues: boolean;
  /** Opens the memory of transactions. @throws OpenBankingError as `openSyncMemory` */
  readonly sync: () => SyncMemory;
}

/**
 * Asks the bank. The order of the result is that of the output. A failure of the bank is in the result, beside the rows that were read
 * before.
 */
export type Pull = (input: PullInput) => Promise<readonly Pulled[]>;

interface AnyOperation {
  /** Whether a language model may use it. */
  readonly isForTools: boolean;
}

/** An operation that reads account data. */
interface PullOperation extends AnyOperation {
  /** Reads the fields for one item, before anything is sent. @throws OpenBankingError for fields that cannot be used */
  pullOf(source: ParameterSource): Pull;
}

/** The input of an operation that reads no account data: one item, and the credential for it. */
export interface ItemInput {
  readonly source: ParameterSource;
  readonly client: BankClient;
  readonly settings: BankSettings & KeepingSettings;
  /** Collects warnings of all items. */
  readonly remarks: Remarks;
  /** All items of the execution share them: each request to the bank takes one. */
  readonly slots: Slots;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** An operation that reads no account data. */
export interface ItemOperation extends AnyOperation {
  /** Does the work for one item. @throws OpenBankingError */
  execute(input: ItemInput): Promise<readonly Pulled[]>;
}

/** An operation on all items of an execution together. */
export interface BatchOperation extends AnyOperation {
  /** The outcome of each item. It never rejects. */
  executeAll(context: IExecuteFunctions): Promise<readonly Outcome[]>;
}

/** One operation of the node. Its fields are in `fields/`. */
export type Operation = PullOperation | ItemOperation | BatchOperation;
