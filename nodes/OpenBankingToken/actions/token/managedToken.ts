import type { ManagedToken } from '../../../../core/oauth/grants/tokenManagement';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import type { OperationInput } from '../operation';
import { choiceParameter, textParameter } from '../../../parameters';

/** The token of the fields "Token" and "Kind of Token". */
export function givenToken(input: OperationInput): ManagedToken {
  return {
    token: textParameter(input, 'token', 'Token'),
    hint: choiceParameter(input, 'tokenTypeHint', 'Kind of Token', TOKEN_KINDS),
  };
}

const TOKEN_KINDS = ['access_token', 'refresh_token'] as const;

/** Whether the field "Token From" says that the token is in a field. @throws OpenBankingError `field-malformed` */
export function isTokenGiven(input: OperationInput): boolean {
  return choiceParameter(input, 'tokenFrom', 'Token From', ['consent', 'field']) === 'field';
}

/** The access token of a token set. */
export function accessTokenOf({ access_token: token }: TokenSet): ManagedToken {
  return { token: typeof token === 'string' ? token : '', hint: 'access_token' };
}
