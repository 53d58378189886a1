import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';
import { optionsWith, shownFor } from './options';
import { storedOutputOption } from './outputOption';

/** Default of "Refresh Before Expiry", in seconds. */
export const DEFAULT_MARGIN = 60;

/** The fields of Get Stored Token. */
export const validFields: INodeProperties[] = shownFor('valid', [
  consentField,
  optionsWith(
    storedOutputOption,
    {
      displayName: 'Refresh Before Expiry (Seconds)',
      name: 'margin',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: DEFAULT_MARGIN,
      description:
        'The minimum time for which the token must be valid. If it is shorter, the token is refreshed.',
    },
    {
      displayName: 'Refresh Now',
      name: 'refreshNow',
      type: 'boolean',
      default: true,
      description:
        'Whether the token is refreshed although it looks valid, for example because the API refuses it. Not for each run: every refresh may replace the refresh token.',
    },
    {
      displayName: 'Try Once More',
      name: 'tryAgain',
      type: 'boolean',
      default: true,
      description:
        'Whether the bank is asked once more, also after a refusal, during a pause, or if the consent has ended. Tokens whose check failed are checked again first. Remove the option afterwards.',
    },
  ),
]);
