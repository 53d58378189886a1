import type { IDataObject } from 'n8n-workflow';
import {
  optionsWith,
  consentField,
  consentParameter,
  keptTokens,
  shownFor,
  textOptions,
  type Operation,
} from '../operation';

/** Seconds that a token lives on at least, if not set otherwise. */
const MARGIN = 60;

/**
 * Get Valid Token: the kept token of a consent, refreshed before it expires. Refresh token and ID token are not put out: the one is used by
 * the store alone, the other tells about the customer.
 */
export const valid: Operation = {
  // They are kept, whatever becomes of the item.
  yieldsUserTokens: false,
  fields: shownFor('valid', [
    consentField,
    optionsWith({
      displayName: 'Refresh Before Expiry (Seconds)',
      name: 'margin',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: MARGIN,
      description: 'How long the token has to live on at least; otherwise it is refreshed',
    }),
  ]),
  async execute(input) {
    const consent = await consentParameter(input);
    const { margin } = textOptions(input);
    const kept = await keptTokens(input);
    const { tokens, remarks } = await kept.valid(consent, {
      margin: (margin ? Number(margin) : MARGIN) * 1000,
    });
    const shown: IDataObject = { consent, ...(tokens as IDataObject) };
    delete shown.refresh_token;
    delete shown.id_token;
    return { items: [shown], remarks };
  },
};
