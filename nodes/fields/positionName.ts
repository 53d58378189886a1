import type { INodeProperties } from 'n8n-workflow';

/** The option "Position Name" of a node that hands transactions over. */
export const positionName: INodeProperties = {
  displayName: 'Position Name',
  name: 'positionName',
  type: 'string',
  default: '',
  placeholder: 'e.g. ledger',
  description:
    'A name for the position: the stored record of the transactions that the workflow has received. Without a name, the position belongs to this node of this workflow, and a copy of the workflow begins again. Workflows with the same name share it.',
};
