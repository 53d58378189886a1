import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import { consentParameter } from '../consentField';
import { keptTokens, optionsWith, shownFor, textParameter, type Operation } from '../operation';
import { accessTokenOf, givenToken, managedTokenFields } from './managedToken';

/** Revoke (RFC 7009): ends a token at the bank, and deletes what is stored for the consent. */
export const revoke: Operation = {
  yieldsUserTokens: false,
  fields: shownFor('revoke', [
    ...managedTokenFields,
    optionsWith({
      displayName: 'Only Forget',
      name: 'onlyForget',
      type: 'boolean',
      default: false,
      description:
        'Whether to delete what is stored for the consent without asking the bank, where its tokens stay valid',
    }),
  ]),
  async execute(input) {
    const { revokeToken } = await import('../../../../core/oauth/grants/tokenManagement');
    if (textParameter(input, 'tokenFrom') === 'field') {
      await revokeToken(input.profile, givenToken(input));
      return { items: [{ revoked: true }], remarks: [] };
    }
    const consent = await consentParameter(input);
    const kept = await keptTokens(input);
    if (input.context.getNodeParameter('options.onlyForget', input.itemIndex, false) === true) {
      return { items: [{ consent, forgotten: await kept.forget(consent) }], remarks: [] };
    }
    await kept.end(consent, (tokens) => revokeToken(input.profile, tokenThatEndsAll(tokens)));
    return { items: [{ revoked: true, consent }], remarks: [] };
  },
};

/** With the refresh token most banks end the access token, too. */
function tokenThatEndsAll(tokens: TokenSet) {
  const { refresh_token: token } = tokens;
  return token ? ({ token, hint: 'refresh_token' } as const) : accessTokenOf(tokens);
}
