import type { INodeProperties } from 'n8n-workflow';
import { financialIdField } from '../../../credentials/fields/bankFields';
import { consentField } from '../../fields/consentField';
import { itemsAtOnce, optionsField } from '../../fields/optionsField';
import { regimeOption } from '../../fields/regimeOption';
import { shownWith } from '../../fields/shownWith';
import { listFields, simplifyField } from './listFields';
import { permissionField } from './permissionField';
import { maximumWait } from './readOptions';
import { regimeConsentFields } from './regimeConsentFields';
import { withToolOperations } from './toolOperations';

const operationField: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  default: 'getAll',
  options: [
    {
      name: 'Create',
      value: 'create',
      action: 'Create a consent',
      description: 'Create a consent at the bank, before a customer is asked for it',
    },
    {
      name: 'Delete',
      value: 'delete',
      action: 'Delete a consent',
      description: 'End a consent at the bank, and delete its tokens',
    },
    {
      name: 'Get',
      value: 'get',
      action: 'Get a consent',
      description: 'Ask the bank for the state of a consent',
    },
    {
      name: 'Get Many',
      value: 'getAll',
      action: 'Get many consents',
      description: 'Get the consents whose tokens are stored: state, end, last use, accounts',
    },
  ],
};

/** Whether a consent is meant by the name of its tokens or by the bank's ID. */
const consentByField: INodeProperties = {
  displayName: 'Consent By',
  name: 'consentBy',
  type: 'options',
  noDataExpression: true,
  options: [
    {
      name: 'Consent ID of the Bank',
      value: 'id',
      description: 'Also a consent that no customer has authorized yet',
    },
    { name: 'Stored Consent', value: 'name', description: 'A consent whose tokens are stored' },
  ],
  default: 'name',
  description: 'How you say which consent you mean',
};

const consentIdField: INodeProperties = {
  displayName: 'Consent ID',
  name: 'consentId',
  type: 'string',
  required: true,
  default: '={{ $json.consent_id }}',
  placeholder: 'e.g. 0a5b0b27-2b5d-4d1c-8a2e-0c7e1f1e5a11',
  description: 'The bank\'s ID of the consent: "consent_id" in the output of "Consent → Create"',
  displayOptions: { show: { consentBy: ['id'] } },
};

const oneConsent: INodeProperties[] = [
  consentByField,
  { ...consentField, displayOptions: { hide: { consentBy: ['id'] } } },
  consentIdField,
];

const atOnce = itemsAtOnce(
  'How many consents are asked for at the same time, each over its own connection to the bank. All input items share this number.',
);

const requestOptions: INodeProperties[] = [
  { ...financialIdField, hint: 'Replaces the one in the credential' },
  maximumWait,
  regimeOption,
  {
    displayName: 'Scope',
    name: 'scope',
    type: 'string',
    default: '',
    placeholder: 'e.g. accounts',
    description:
      "The scope of the application's own token, with which the node asks the bank. Without this option: that of the regime (Brazil: consents), or else of the credential.",
  },
];

const createFields: INodeProperties[] = [
  {
    displayName:
      '"Regime" in the credential decides what is created. In Brazil, add the option "Brazil: CPF"; in Saudi Arabia with FAPI 2, "Saudi Arabia: National ID". In Australia and with plain FAPI nothing is created at the bank: the node only gives the consent a name. WSO2 with scope-based consents has none: leave this node out, and empty the field "Consent ID" of "Create Authorization URL".',
    name: 'scopeBasedNotice',
    type: 'notice',
    default: '',
  },
  permissionField,
  {
    displayName: 'Expires',
    name: 'expires',
    type: 'dateTime',
    default: '={{ $now.plus({ days: 90 }) }}',
    hint: 'If empty: no end, if the bank allows that',
    description: 'When the access to the data ends. Many banks allow 90 or 180 days at most.',
  },
  simplifyField,
  optionsField(
    atOnce,
    ...requestOptions,
    ...regimeConsentFields,
    {
      displayName: 'Transactions From',
      name: 'transactionsFrom',
      type: 'dateTime',
      default: '',
      placeholder: 'e.g. 2026-01-01',
      description:
        'The first booking date that may ever be read with the consent, in the time zone of the workflow. Without this option: as far back as the bank goes.',
    },
    {
      displayName: 'Transactions To',
      name: 'transactionsTo',
      type: 'dateTime',
      default: '',
      placeholder: 'e.g. 2026-12-31',
      description:
        'The last booking date that may ever be read with the consent; a day is included to its end. After this day the consent gives no new transactions. Without this option: no limit.',
    },
  ),
];

const deleteFields: INodeProperties[] = [
  ...oneConsent,
  optionsField(atOnce, ...requestOptions, {
    displayName: 'Forget Position Too',
    name: 'forgetPosition',
    type: 'boolean',
    default: true,
    description:
      'Whether to also delete the record of the transactions that were handed over. Without this option, it stays for 90 days: if the customer consents again under the same name, no transaction comes twice.',
  }),
];

const getFields: INodeProperties[] = [
  ...oneConsent,
  simplifyField,
  optionsField(atOnce, ...requestOptions),
];

const getAllFields: INodeProperties[] = [
  ...listFields.map((field) =>
    field.name === 'limit' ? { ...field, hint: 'The first ones by their names' } : field,
  ),
  {
    displayName: 'Ask the Bank',
    name: 'askBank',
    type: 'boolean',
    default: true,
    description:
      'Whether the bank is asked for each consent: only it knows whether the customer ended a consent there, and when a consent ends. No account data is read.',
  },
  optionsField(atOnce, ...requestOptions),
];

/** The fields of the resource Consent. As a tool the node only reads. */
export const consentFields: INodeProperties[] = shownWith({ resource: ['consent'] }, [
  ...withToolOperations(operationField, ['get', 'getAll']),
  ...shownWith({ operation: ['create'] }, createFields),
  ...shownWith({ operation: ['delete'] }, deleteFields),
  ...shownWith({ operation: ['get'] }, getFields),
  ...shownWith({ operation: ['getAll'] }, getAllFields),
]);
