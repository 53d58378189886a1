import { OpenBankingError } from '../errors/OpenBankingError';
import { clientOf } from '../oauth/client';
import type { BankSettings } from '../profile/settings';
import { openConsentTokens } from './openStores';
import type { KeepingSettings } from './settings';

/**
 * Opens the store that the settings name, and writes a test value into it.
 *
 * @returns why the store cannot be used; `undefined` if it can
 */
export async function storeProblem(
  settings: BankSettings & KeepingSettings,
): Promise<OpenBankingError | undefined> {
  try {
    const tokens = openConsentTokens(await clientOf(settings), settings);
    await tokens.assertWritable();
    return undefined;
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
    throw error;
  }
}
