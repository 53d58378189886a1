import type { INodeProperties } from 'n8n-workflow';

/** Whose position it is. */
export const positionName: INodeProperties = {
  displayName: 'Position Name',
  name: 'positionName',
  type: 'string',
  default: '',
  placeholder: 'e.g. ledger',
  description:
    'The name under which it is stored what this workflow has received. Without a name it belongs to this node of this workflow: a copy of the workflow begins again. Workflows with the same name share it.',
};
