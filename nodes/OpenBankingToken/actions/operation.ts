import type { IDataObject } from 'n8n-workflow';
import type { OpenBankingError } from '../../../core/errors/OpenBankingError';
import type { BankClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { openConsentTokens, openPendingAuthorizations } from '../../../core/tokens/openStores';
import type { PendingAuthorizations } from '../../../core/tokens/pendingAuthorizations';
import type { ConsentSettings } from '../../../core/tokens/settings';
import type { ParameterSource } from '../../parameters';

/** The input of an operation: one item, and the credential for it. */
export interface OperationInput extends ParameterSource {
  readonly client: BankClient;
  readonly settings: BankSettings & ConsentSettings;
}

/** The result of an operation for one item. */
export interface OperationOutput {
  /** Mostly one. Each is paired with the input item. */
  readonly items: IDataObject[];
  /** A check of received tokens that failed. The items then hold what was received. */
  readonly failedCheck?: OpenBankingError;
  /** The consent under whose name received tokens are stored, and their access token. */
  readonly stored?: { readonly consent: string; readonly accessToken: unknown };
  /** Warnings. */
  readonly remarks: readonly string[];
}

/** One operation of the node. Its fields are in `fields/`. */
export interface Operation {
  /** Whether the output contains tokens of a customer. If they are lost, the customer has to give consent again. */
  readonly yieldsUserTokens: boolean;
  /**
   * Reads the fields for one item and asks the bank.
   *
   * @throws OpenBankingError
   */
  execute(input: OperationInput): Promise<OperationOutput>;
}

/** The stored tokens of the credential's client. */
export function consentTokens({ client, settings }: OperationInput): ConsentTokens {
  return openConsentTokens(client, settings);
}

/** The authorizations of the credential's client that wait for an answer. */
export function pendingAuthorizations({ client, settings }: OperationInput): PendingAuthorizations {
  return openPendingAuthorizations(client, settings);
}
