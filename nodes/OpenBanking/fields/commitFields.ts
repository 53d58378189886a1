import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';
import { optionsField } from '../../fields/optionsField';
import { positionName } from '../../fields/positionName';

/** The fields of Transaction → Mark as Processed. */
export const commitFields: INodeProperties[] = [
  {
    ...consentField,
    default: { mode: 'id', value: '={{ $json.consent }}' },
    description: 'The consent that the transaction belongs to',
  },
  {
    displayName: 'Account ID',
    name: 'accountId',
    type: 'string',
    required: true,
    default: '={{ $json.account_id }}',
    placeholder: 'e.g. {{ $json.account_id }}',
    description: 'The "account_id" of the transaction',
  },
  {
    displayName: 'Transaction ID',
    name: 'transactionId',
    type: 'string',
    required: true,
    default: '={{ $json.transaction_id }}',
    placeholder: 'e.g. {{ $json.transaction_id }}',
    description: 'The "transaction_id" of the transaction',
  },
  optionsField({
    ...positionName,
    description:
      'The "Position Name" of the node that handed the transactions over. Without this option: the position of each trigger, and of each "Transaction → Get Many" with "Only New", before this node.',
    hint: 'Needed if that node has a name by an expression, or is in another workflow',
  }),
];
