import type { ManagedToken } from '../../../../core/oauth/grants/tokenManagement';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import type { OperationInput } from '../operation';
import { textParameter } from '../parameters';

/** The token of the fields "Token" and "Kind of Token". */
export function givenToken(input: OperationInput): ManagedToken {
  const hint = textParameter(input, 'tokenTypeHint');
  return {
    token: textParameter(input, 'token'),
    hint: hint === 'refresh_token' ? hint : 'access_token',
  };
}

/** The access token of a token set. */
export function accessTokenOf({ access_token: token }: TokenSet): ManagedToken {
  return { token: typeof token === 'string' ? token : '', hint: 'access_token' };
}
