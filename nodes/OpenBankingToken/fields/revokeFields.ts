import type { INodeProperties } from 'n8n-workflow';
import { managedTokenFields } from './managedTokenFields';
import { optionsWith, shownFor } from './options';

/** The fields of Revoke. */
export const revokeFields: INodeProperties[] = shownFor('revoke', [
  ...managedTokenFields,
  optionsWith({
    displayName: 'Only Forget',
    name: 'onlyForget',
    type: 'boolean',
    default: false,
    description:
      'Whether to delete what is stored for the consent without a request to the bank. The tokens stay valid at the bank.',
  }),
]);
