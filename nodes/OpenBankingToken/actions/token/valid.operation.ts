import type { IDataObject } from 'n8n-workflow';
import { consentField, consentParameter } from '../consentField';
import { keptTokens, optionsWith, shownFor, textOptions, type Operation } from '../operation';
import { chosenOutput, storedOutputOption, tokenItem } from './outputOption';

/** Seconds that a token lives on at least, if not set otherwise. */
const MARGIN = 60;

/**
 * Get Stored Token: the stored token of a consent, refreshed before it expires. Refresh token and ID token are not put out: the first is
 * used by the store alone, the second tells about the customer.
 */
export const valid: Operation = {
  // They are stored, whatever becomes of the item.
  yieldsUserTokens: false,
  fields: shownFor('valid', [
    consentField,
    optionsWith(storedOutputOption, {
      displayName: 'Refresh Before Expiry (Seconds)',
      name: 'margin',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: MARGIN,
      description: 'How long the token has to be valid at least; otherwise it is refreshed',
    }),
  ]),
  async execute(input) {
    const consent = await consentParameter(input);
    const { margin } = textOptions(input);
    const output = chosenOutput(input);
    const kept = await keptTokens(input);
    const { tokens, remarks } = await kept.valid(consent, {
      margin: (margin ? Number(margin) : MARGIN) * 1000,
    });
    const shown: IDataObject = { ...(tokens as IDataObject), consent };
    delete shown.refresh_token;
    delete shown.id_token;
    return { items: [tokenItem(shown, output)], remarks };
  },
};
