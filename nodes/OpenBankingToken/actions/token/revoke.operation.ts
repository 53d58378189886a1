import { openSyncMemory } from '../../../../core/sync/openSyncMemory';
import { endTokens } from '../../../../core/tokens/consents/endTokens';
import { consentTokens, type Operation } from '../operation';
import { consentParameter, switchOption } from '../../../parameters';
import { givenToken, isTokenGiven } from './managedToken';

/**
 * Revoke (RFC 7009): ends a token at the bank. For a stored consent it ends the refresh token and the access token, and then deletes what is
 * stored. The position of triggers stays for 90 days, as after Consent → Delete.
 */
export const revoke: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    if (isTokenGiven(input)) {
      await input.client.revoke(givenToken(input));
      return { items: [{ revoked: true }], remarks: [] };
    }
    const consent = consentParameter(input);
    const isOnlyForgotten = switchOption(input, 'onlyForget', 'Only Forget', false);
    const storage = consentTokens(input);
    // Before the tokens are deleted: after that, nobody would run the node again for this consent.
    await openSyncMemory(input.client, input.settings).forgetLater(consent);
    if (isOnlyForgotten) {
      return { items: [{ consent, forgotten: await storage.forget(consent) }], remarks: [] };
    }
    await storage.end(consent, (tokens) => endTokens(input.client, tokens, RUN_AGAIN));
    return { items: [{ revoked: true, consent }], remarks: [] };
  },
};

const RUN_AGAIN =
  'The consent is still stored: run the node again, or switch on "Only Forget" to delete it without asking the bank.';
