import type { INode, INodeParameters } from 'n8n-workflow';
import { customCredential } from '../support/bank/credential';
import { runNode } from '../support/n8n/nodeExecution';

const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

const errorOf = async (parameters: INodeParameters, onError?: INode['onError']) => {
  const credential = { ...(await customCredential('https://localhost:1')) };
  return (await runNode({ credential, parameters, onError })).error;
};

it.each<INodeParameters>([
  { resource: CUSTOM_API_CALL },
  { resource: CUSTOM_API_CALL, operation: 'exchange' },
  { resource: 'token', operation: CUSTOM_API_CALL },
  { resource: 'authorization', operation: CUSTOM_API_CALL },
])('refuses a custom API call, and names HTTP Request: %j', async (parameters) => {
  expect(await errorOf(parameters)).toMatchObject({
    name: 'NodeOperationError',
    message: expect.stringMatching(/^To make a custom API call, use the HTTP Request node: /),
  });
});

it.each<INodeParameters>([
  { resource: 'token', operation: 'createUrl' },
  { resource: 'account', operation: 'getAll' },
])('refuses an unknown operation: %j', async (parameters) => {
  expect(await errorOf(parameters)).toMatchObject({
    name: 'NodeOperationError',
    message: expect.stringMatching(/^This version of the node does not know the operation/),
  });
});
