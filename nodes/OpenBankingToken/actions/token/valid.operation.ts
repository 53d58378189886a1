import type { IDataObject } from 'n8n-workflow';
import { DEFAULT_MARGIN } from '../../fields/validFields';
import { consentTokens, type Operation } from '../operation';
import { consentParameter, secondsOption, switchOption } from '../../../parameters';
import { firstRefreshTokenRemarks } from '../../../../core/tokens/consents/firstRefreshToken';
import { chosenOutput, tokenItem } from './output';
import { withConsent } from './tokenStorage';

/**
 * Get Stored Token: the stored token of a consent, refreshed before it expires. The item has no refresh token, because only the store
 * may use it, and no ID token, because it holds data about the customer.
 */
export const valid: Operation = {
  // The tokens are stored, so they are not lost if the item is.
  yieldsUserTokens: false,
  async execute(input) {
    const consent = consentParameter(input);
    const margin = secondsOption(input, 'margin', 'Refresh Before Expiry') ?? DEFAULT_MARGIN;
    const tryAgain = switchOption(input, 'tryAgain', 'Try Once More', false);
    const refreshNow = switchOption(input, 'refreshNow', 'Refresh Now', false);
    const output = chosenOutput(input);
    const { tokens, remarks, consentId } = await consentTokens(input).valid(consent, {
      margin: margin * 1000,
      tryAgain,
      refreshNow,
    });
    const shown: IDataObject = withConsent(tokens, { consent, consentId });
    delete shown.refresh_token;
    delete shown.id_token;
    return {
      items: [tokenItem(shown, output)],
      remarks: [...remarks, ...firstRefreshTokenRemarks(input.settings, [consent])],
    };
  },
};
