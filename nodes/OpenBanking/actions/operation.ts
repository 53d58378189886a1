import type { Pulled, PullRequest } from '../../../core/accounts/pull';
import type { Slots } from '../../../core/lib/slots';
import type { ParameterSource } from '../../parameters';

/** How to ask the account API for one input item. */
export interface PullInput {
  readonly request: PullRequest;
  /** All items of the execution share them: each account that is read takes one. */
  readonly slots: Slots;
  /** Whether the other accounts are read if one of them fails. */
  readonly continues: boolean;
}

/**
 * Asks the bank. The order of the result is that of the output. A failure of the bank is in the result, beside the rows that were read
 * before.
 */
export type Pull = (input: PullInput) => Promise<readonly Pulled[]>;

/** One operation of the node. Its fields are in `fields/`. */
export interface Operation {
  /** Reads the fields for one item, before anything is sent. @throws OpenBankingError for fields that cannot be used */
  pullOf(source: ParameterSource): Pull;
}
