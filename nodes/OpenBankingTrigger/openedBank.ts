import type { ITriggerFunctions } from 'n8n-workflow';
import { clientOf, type BankClient } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import type { SyncMemory } from '../../core/sync/memory';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import type { ConsentTokens } from '../../core/tokens/consents/consentTokens';
import { openConsentTokens } from '../../core/tokens/openStores';
import type { KeepingSettings } from '../../core/tokens/settings';

/** The bank of the trigger's credential, and what is stored for it. */
export interface OpenedBank {
  readonly client: BankClient;
  readonly tokens: ConsentTokens;
  readonly sync: SyncMemory;
}

/**
 * Opens the bank. The credential is read each time: n8n does not start a trigger again when its credential changes.
 *
 * @throws any error of n8n for the credential, and OpenBankingError those of its fields
 */
export async function openBank(context: ITriggerFunctions): Promise<OpenedBank> {
  const settings = await context.getCredentials<BankSettings & KeepingSettings>('openBankingApi');
  const client = await clientOf(settings);
  return {
    client,
    tokens: openConsentTokens(client, settings),
    sync: openSyncMemory(client, settings),
  };
}

/** The consents that the user named, or all that are stored. @throws OpenBankingError those of the store */
export async function watchedConsents(
  { tokens }: Pick<OpenedBank, 'tokens'>,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  return named ?? (await tokens.list()).map(({ consent }) => consent);
}
