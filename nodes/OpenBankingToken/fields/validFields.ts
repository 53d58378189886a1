import type { INodeProperties } from 'n8n-workflow';
import { consentField } from './consentField';
import { optionsWith, shownFor } from './options';
import { storedOutputOption } from './outputOption';

/** Default of "Refresh Before Expiry", in seconds. */
export const DEFAULT_MARGIN = 60;

/** The fields of Get Stored Token. */
export const validFields: INodeProperties[] = shownFor('valid', [
  consentField,
  optionsWith(storedOutputOption, {
    displayName: 'Refresh Before Expiry (Seconds)',
    name: 'margin',
    type: 'number',
    typeOptions: { minValue: 0 },
    default: DEFAULT_MARGIN,
    description:
      'The shortest time that the token must still be valid. If it expires earlier, it is refreshed.',
  }),
]);
