import type { INodeProperties } from 'n8n-workflow';
import { optionsField } from '../../fields/optionsField';
import { positionName } from '../../fields/positionName';
import { shownWith } from '../../fields/shownWith';
import { timeLimit } from './timeLimit';

/** The limits of the field "Days Before". */
export const DAYS = { minimum: 1, maximum: 365 } as const;

/** The fields of the event Consent Needs Attention. */
export const attentionFields: INodeProperties[] = shownWith({ event: ['consentAttention'] }, [
  {
    displayName: 'Days Before',
    name: 'days',
    type: 'number',
    typeOptions: { minValue: DAYS.minimum, maxValue: DAYS.maximum, numberPrecision: 0 },
    default: 14,
    description:
      'How many days before its end a consent, a refresh token or the certificate is reported',
  },
  optionsField(positionName, timeLimit),
]);
