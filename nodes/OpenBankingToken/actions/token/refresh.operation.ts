import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { customerOf } from '../../../../core/oauth/jwt/customer';
import { keptTokens, type Operation, type OperationInput } from '../operation';
import { itemOf, textOption, textParameter } from '../parameters';
import { withTokenStorage } from './tokenStorage';

/** Refresh: `grant_type=refresh_token` (RFC 6749 §6). */
export const refresh: Operation = {
  yieldsUserTokens: true,
  async execute(input) {
    const refreshToken = textParameter(input, 'refreshToken', 'Refresh Token');
    assertRefreshToken(input, refreshToken.trim());
    const { originalIdToken, remarks } = await originalIdTokenOf(input);
    const output = await withTokenStorage(
      input,
      (onReceived) => input.client.refresh({ refreshToken, originalIdToken, onReceived }),
      () => consentThatStores(input, refreshToken.trim()),
    );
    return { ...output, remarks: [...output.remarks, ...remarks] };
  },
};

/**
 * The ID token that the new one is compared with (OIDC Core §12.2): the option "Original ID Token", or the ID token of the incoming item.
 *
 * An ID token of the incoming item that cannot be read is not used, and a warning says so: the person may not be able to change the item.
 *
 * @throws OpenBankingError `input-missing` if the option was added and yields no text
 */
async function originalIdTokenOf(
  input: OperationInput,
): Promise<{ originalIdToken?: string; remarks: string[] }> {
  const given = textOption(input, 'originalIdToken', 'Original ID Token');
  const { id_token: incoming } = itemOf(input);
  if (given !== undefined) return { originalIdToken: given, remarks: [] };
  if (typeof incoming !== 'string' || !incoming.trim()) return { remarks: [] };
  const isReadable = (await customerOf(incoming.trim(), input.client.profile)) !== undefined;
  return isReadable ? { originalIdToken: incoming, remarks: [] } : { remarks: [UNREADABLE] };
}

const UNREADABLE =
  'The "id_token" of the incoming item cannot be read, so the customer of the new tokens was not compared with it. Give the ID token of the first token response in "Original ID Token".';

/** The consent that a refresh token is stored for. If the new tokens did not replace it, the store would keep a used token. */
async function consentThatStores(
  input: OperationInput,
  refreshToken: string,
): Promise<string | undefined> {
  try {
    return await keptTokens(input).consentOf(refreshToken);
  } catch {
    // A refresh whose tokens are not stored works without a store.
    return undefined;
  }
}

const OTHER_TOKENS = {
  access_token: 'the access token',
  id_token: 'the ID token',
  authorization: 'the access token with "Bearer" before it',
};

/** @throws OpenBankingError `refresh-token-malformed` if the value is another token of the incoming item */
function assertRefreshToken(input: OperationInput, given: string): void {
  const item = itemOf(input);
  if (!given || given === item.refresh_token) return;
  for (const [name, description] of Object.entries(OTHER_TOKENS)) {
    if (item[name] !== given) continue;
    throw new OpenBankingError('refresh-token-malformed', {
      message: `"Refresh Token" holds ${description} of the incoming item`,
    });
  }
}
