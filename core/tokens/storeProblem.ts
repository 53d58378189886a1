import { OpenBankingError } from '../errors/OpenBankingError';
import { profileOf } from '../profile/profile';
import type { BankSettings } from '../profile/settings';
import { consentTokensOf } from './consentTokensOf';
import type { KeepingSettings } from './settings';

/**
 * Opens the store that the settings name, and writes something into it that does not matter.
 *
 * @returns why the store cannot be used; `undefined` if it can
 */
export async function storeProblem(
  settings: BankSettings & KeepingSettings,
): Promise<OpenBankingError | undefined> {
  try {
    const tokens = await consentTokensOf(await profileOf(settings), settings);
    await tokens.assertWritable();
    return undefined;
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
    throw error;
  }
}
