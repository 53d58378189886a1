import type { IDataObject } from 'n8n-workflow';
import { DEFAULT_MARGIN } from '../../fields/validFields';
import { keptTokens, type Operation } from '../operation';
import { consentParameter, secondsOption } from '../parameters';
import { chosenOutput, tokenItem } from './output';

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
    const output = chosenOutput(input);
    const kept = keptTokens(input);
    const { tokens, remarks } = await kept.valid(consent, {
      margin: margin * 1000,
    });
    const shown: IDataObject = { ...(tokens as IDataObject), consent };
    delete shown.refresh_token;
    delete shown.id_token;
    return { items: [tokenItem(shown, output)], remarks };
  },
};
