import type { ImportableCredential, ImportableWorkflow, WorkflowNode } from '../../demo/examples';

/** A node of a workflow that a test makes. */
export function node(
  name: string,
  type: string,
  typeVersion: number,
  parameters: WorkflowNode['parameters'],
  credentials?: WorkflowNode['credentials'],
): WorkflowNode {
  const id = `${name.toLowerCase().replaceAll(' ', '-')}-0000`;
  return {
    ...{ id, name, type, typeVersion, parameters, position: [0, 0] },
    ...(credentials && { credentials }),
  };
}

/** A node that exchanges the `code` of each item, and stores the tokens under its `consent`. */
export function exchangeEach({ id, name, type }: ImportableCredential): WorkflowNode {
  const options = { keepForConsent: '={{ $json.consent }}' };
  return node(
    'Exchange',
    'n8n-nodes-open-banking.openBankingToken',
    1,
    { resource: 'token', operation: 'exchange', code: '={{ $json.code }}', options },
    { [type]: { id, name } },
  );
}

/** A webhook that accepts POST, and answers when the workflow has ended. */
export function webhook(path: string, responseData: 'allEntries' | 'noData'): WorkflowNode {
  const options = { httpMethod: 'POST', path, responseMode: 'lastNode', responseData, options: {} };
  // n8n does not register a webhook without a `webhookId`.
  return Object.assign(node('Webhook', 'n8n-nodes-base.webhook', 2.1, options), {
    webhookId: `${path}-0000`,
  });
}

/** A workflow in which each node is connected to the next one. */
export function row(id: string, nodes: WorkflowNode[]): ImportableWorkflow {
  const connections: ImportableWorkflow['connections'] = {};
  nodes.slice(1).forEach(({ name }, index) => {
    connections[nodes[index]!.name] = { main: [[{ node: name, type: 'main', index: 0 }]] };
  });
  return { id, name: id, nodes, connections };
}

/** HTTP Request's option to follow the links of the bank to the last page. */
export const allPages = {
  pagination: {
    pagination: {
      paginationMode: 'responseContainsNextURL',
      nextURL: '={{ $response.body.Links.Next }}',
      paginationCompleteWhen: 'other',
      completeExpression: '={{ !$response.body.Links?.Next }}',
    },
  },
};
