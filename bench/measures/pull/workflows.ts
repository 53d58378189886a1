import type { ImportableWorkflow, WorkflowNode } from '../../../demo/examples';
import { node, row, webhook } from '../../../test/e2e/workflows';
import {
  ACCOUNT_API,
  consentCredential,
  distantCredential,
  each,
  pagesNode,
  timed,
  type CredentialName,
  type WorkflowTarget,
} from '../n8n/workflows';

/** A way to pull transactions in n8n: with this package's node, or with HTTP Request, which follows the links, and Split Out. */
export type PullApproach = 'node' | 'httpRequest';

/** The names of the approaches in tables. */
export const pullLabels: Readonly<Record<PullApproach, string>> = {
  node: 'this node',
  httpRequest: 'HTTP Request → Split Out',
};

/** All approaches. */
export const pullApproaches = Object.keys(pullLabels) as PullApproach[];

/** Where the bank is: on this machine, or behind a network with a delay. */
export type Place = 'near' | 'distant';

/** Path of the webhook that starts a measured pull. Its items are account IDs. */
export function pullPath(approach: PullApproach, place: Place): string {
  return `pull-${approach}-${place}`;
}

/** Path of the webhook whose workflow answers with the transactions. */
export function itemsPath(approach: PullApproach): string {
  return `pull-${approach}-items`;
}

/** The workflows that pull all transactions of an account. */
export function pullWorkflows({ bankUrl, distantUrl }: WorkflowTarget): ImportableWorkflow[] {
  const places: Record<Place, [string, CredentialName]> = {
    near: [bankUrl, consentCredential],
    distant: [distantUrl, distantCredential],
  };
  return pullApproaches.flatMap((approach) => {
    const measured = (Object.keys(places) as Place[]).map((place) =>
      timedPull(approach, place, ...places[place]),
    );
    const path = itemsPath(approach);
    const answering = webhook(path, 'allEntries');
    const nodes = pullNodes(approach, ...places.near);
    return [...measured, row(path, [answering, each('account'), ...nodes])];
  });
}

function timedPull(
  approach: PullApproach,
  place: Place,
  url: string,
  credential: CredentialName,
): ImportableWorkflow {
  const nodes = pullNodes(approach, url, credential);
  const { name } = nodes.at(-1)!;
  // All items are counted if the first and the last one are transactions: an expression that reads each of them takes memory.
  const ends = `[$('${name}').first(), $('${name}').last()]`;
  const answered = `={{ ${ends}.every((item) => item.json.TransactionId) ? $('${name}').all().length : 0 }}`;
  const workflow = timed(pullPath(approach, place), 'account', nodes, answered);
  // n8n would store all items with the execution. That takes longer than the pull.
  return { ...workflow, settings: { saveDataSuccessExecution: 'none' } };
}

function pullNodes(
  approach: PullApproach,
  url: string,
  credential: CredentialName,
): WorkflowNode[] {
  if (approach === 'node') {
    return [transactionsNode(credential, { consent: 'c', account: '={{ $json.account }}' })];
  }
  const transactions = `${url}${ACCOUNT_API}/accounts/{{ $json.account }}/transactions`;
  return [
    pagesNode(`=${transactions}`, credential),
    node('Split Out', 'n8n-nodes-base.splitOut', 1, {
      fieldToSplitOut: 'Data.Transaction',
      options: {},
    }),
  ];
}

/** The node under test: all transactions as the bank sent them. @param account if not given, all accounts of the consent, simplified */
export function transactionsNode(
  credential: CredentialName,
  { consent, account }: { consent: string; account?: string },
): WorkflowNode {
  const byId = (value: string) => ({ __rl: true, mode: 'id', value });
  return node(
    'Get Transactions',
    'n8n-nodes-open-banking.openBanking',
    1,
    {
      ...{ resource: 'transaction', operation: 'getAll', authorizeWith: 'consent' },
      consent: byId(consent),
      ...(account ? { accounts: 'one', account: byId(account), simplify: false } : {}),
      ...{ status: 'all', returnAll: true, options: {} },
    },
    { openBankingApi: credential },
  );
}
