import type { INodeProperties } from 'n8n-workflow';

/** The purposes of KSA Open Banking (`OBConsentPurpose`). */
export const PURPOSES: readonly string[] = [
  ...['Account Aggregation', 'Credit Assessment', 'E-Statement', 'Electronic Verification'],
  ...['Enterprise Financial Management', 'Other', 'Personal Finance Manager', 'Tax Filing'],
];

/** The purpose that is given if nobody chooses one: the standard demands one. */
export const DEFAULT_PURPOSE = 'Account Aggregation';

/** Options of Consent → Create that only some regimes have. */
export const regimeConsentFields: INodeProperties[] = [
  {
    displayName: 'Brazil: CNPJ',
    name: 'cnpj',
    type: 'string',
    default: '',
    placeholder: 'e.g. 11.222.333/0001-81',
    description: 'The tax number of the company, if its accounts are shared',
  },
  {
    displayName: 'Brazil: CPF',
    name: 'cpf',
    type: 'string',
    default: '',
    placeholder: 'e.g. 529.982.247-25',
    description:
      'The tax number of the person who will log in at the bank and agree. Banks in Brazil demand it, and refuse a log-in of another person.',
  },
  {
    displayName: 'Consent Name',
    name: 'consentName',
    type: 'string',
    default: '',
    placeholder: 'e.g. customer-4711',
    description:
      'The name under which the tokens will be stored, for banks that create no consent before the customer agrees (Australia, plain FAPI). Without this option: a random name.',
  },
  {
    displayName: 'Saudi Arabia: Consent Purpose',
    name: 'consentPurpose',
    type: 'multiOptions',
    options: PURPOSES.map((purpose) => ({ name: purpose, value: purpose })),
    default: [DEFAULT_PURPOSE],
    description:
      'The purpose for which the data is read. Without this option: "Account Aggregation".',
  },
  {
    displayName: 'Saudi Arabia: National ID',
    name: 'nationalId',
    type: 'string',
    default: '',
    placeholder: 'e.g. 1111111111',
    description: "The number of the customer's national ID or Iqama",
  },
  {
    displayName: 'Saudi Arabia: Risk',
    name: 'risk',
    type: 'json',
    default: '{}',
    description:
      'Facts about the customer and the device ("Risk"), which the standard demands and only your application knows: the objects PSUIndicators, DeviceIndicators and RequestIndicators',
  },
];
