import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';

const [fromList, byId] = consentField.modes!;

/** Which consents the trigger watches. */
export const consentsFields: INodeProperties[] = [
  {
    displayName: 'Consents',
    name: 'consents',
    type: 'options',
    noDataExpression: true,
    options: [
      {
        name: 'All Stored Consents',
        value: 'all',
        description: 'Each consent of the credential, also those that are stored later',
      },
      {
        name: 'These Consents',
        value: 'list',
        description: 'The consents that you choose below',
      },
    ],
    default: 'all',
    description: 'Which consents are watched',
  },
  {
    ...consentField,
    description: 'The consent that is watched, or several by their IDs',
    modes: [
      fromList!,
      {
        ...byId!,
        displayName: 'By IDs',
        placeholder: 'e.g. household, studio',
        hint: 'The names in "Keep for Consent", with commas between them. An expression may also yield a list.',
      },
    ],
    displayOptions: { show: { consents: ['list'] } },
  },
];
