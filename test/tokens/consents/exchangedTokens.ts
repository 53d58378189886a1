import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import type { ReceivedTokens } from '../../../core/oauth/grants/tokenSet';
import { accessToken, idToken, issuer, type Forgery } from '../../support/bank/idTokens';
import { tokensFor } from '../../support/bank/tokenBank';
import { passed } from '../../support/stores/consents';

/** The customer of the consent, and another one. */
export const alex = { iss: issuer, sub: 'alex', aud: 'client-1' };
export const mallory = { ...alex, sub: 'mallory' };

/** The values that the tokens of an exchange are compared with. */
export const expected = { nonce: 'n-1' };

/** Tokens of another consent that live for ten minutes. */
export const others = (number = 1) =>
  tokensFor(600, { access_token: `at-new-${number}`, refresh_token: `rt-new-${number}` });

/** The tokens of an exchange, before their check. */
export async function exchanged(forgery: Forgery = {}) {
  const id_token = await idToken(forgery);
  const obtained_at = new Date().toISOString();
  const tokens = { ...others(), access_token: accessToken, obtained_at };
  return { ...tokens, id_token, authorization: undefined };
}

/** The same tokens after a check that failed. */
export const failed = (tokens: ReceivedTokens['tokens']): ReceivedTokens =>
  passed(tokens, {
    expected,
    failedCheck: new OpenBankingError('jwks-unusable', {
      message: 'The ID token cannot be verified',
      outcome: 'received',
    }),
  });
