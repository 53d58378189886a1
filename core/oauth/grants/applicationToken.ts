import type { Bank } from '../bank/bank';
import { sendGrant } from './sendGrant';
import type { ReceivedTokens } from './tokenSet';

/**
 * Gets a token for the application itself (RFC 6749 §4.4).
 *
 * @param scope if empty, the scope of the profile
 * @throws OpenBankingError as `requestTokens`, and those of discovery, if no token came; a failed check is returned with it
 */
export async function applicationToken(bank: Bank, scope?: string): Promise<ReceivedTokens> {
  const grant = { type: 'client_credentials', scope: scope?.trim() || bank.profile.scope } as const;
  return sendGrant(bank, await bank.endpoints(), grant, { expected: {} });
}
