import { node, row, webhook } from '../../../test/e2e/workflows';
import { closeOpened } from '../../../test/e2e/opened';
import { database, startQueueMode, type QueueMode } from '../../../test/e2e/queueMode';
import type { BenchBank } from '../../bank/server';
import { BenchFailure } from '../../failure';
import { consentCredential, credentials, each, type WorkflowTarget } from '../n8n/workflows';
import { transactionsNode } from './workflows';

/** Accounts of each consent at the bank. */
const ACCOUNTS = 4;

/** Transactions of each account at the bank. */
const TRANSACTIONS = 50;

/** Executions over which the consents are distributed. */
const EXECUTIONS = 20;

/** Consents whose transactions were pulled in queue mode with two workers. */
export interface QueueResult {
  consents: number;
  transactions: number;
  seconds: number;
  transactionsPerSecond: number;
  /** TLS connections that the workers opened to the bank. */
  connections: number;
  tokenRequests: number;
  /** Executions that each worker finished. */
  executions: number[];
}

/**
 * Pulls the transactions of all accounts of many consents, in n8n's queue mode with two workers. The token of each consent is due, so each
 * is refreshed once.
 *
 * @throws BenchFailure if the bank sees another number of requests for data
 */
export async function measureQueue(
  bank: BenchBank,
  target: WorkflowTarget,
  count: number,
): Promise<QueueResult> {
  await bank.prepare([{ base: bank.url }]);
  try {
    const n8n = await startWithTokens(bank, target, count);
    const parts = Array.from({ length: EXECUTIONS }, (_, part) =>
      namesOf(count).filter((_name, index) => index % EXECUTIONS === part),
    );
    await n8n.publish('pull');
    await called(n8n, 'pull', []);
    const finishedBefore = n8n.finishedBy().map((runs) => runs.length);
    const before = await bank.counts();
    const started = performance.now();
    await Promise.all(parts.map((items) => called(n8n, 'pull', items)));
    const seconds = (performance.now() - started) / 1000;
    const after = await bank.counts();
    const seen = after.dataRequests - before.dataRequests;
    if (seen !== count * (1 + ACCOUNTS)) {
      throw new BenchFailure(`The bank saw ${seen} requests for the data of ${count} consents.`);
    }
    const transactions = count * ACCOUNTS * TRANSACTIONS;
    return {
      ...{ consents: count, transactions, seconds },
      transactionsPerSecond: transactions / seconds,
      connections: after.connections - before.connections,
      tokenRequests: after.tokenRequests - before.tokenRequests,
      executions: n8n.finishedBy().map((runs, worker) => runs.length - finishedBefore[worker]!),
    };
  } finally {
    await closeOpened();
  }
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `queue-${index}`);
}

/** An n8n in queue mode that has tokens of each consent, which have expired. */
async function startWithTokens(
  bank: BenchBank,
  target: WorkflowTarget,
  count: number,
): Promise<QueueMode> {
  const { connectionString: postgresUrl } = await database();
  const own = credentials(target).find(({ id }) => id === consentCredential.id)!;
  const data = { ...own.data, firstRefreshToken: '', keepTokensIn: 'postgres', postgresUrl };
  const credential = { ...own, data };
  const keep = row('keep', [
    webhook('keep', 'noData'),
    each('consent'),
    node(
      'Refresh',
      'n8n-nodes-open-banking.openBankingToken',
      1,
      {
        ...{ resource: 'token', operation: 'refresh', refreshToken: '=rt-{{ $json.consent }}' },
        options: { keepForConsent: '={{ $json.consent }}' },
      },
      { openBankingApi: consentCredential },
    ),
  ]);
  const transactions = transactionsNode(consentCredential, { consent: '={{ $json.consent }}' });
  const pull = row('pull', [webhook('pull', 'noData'), each('consent'), transactions]);
  const settings = { saveDataSuccessExecution: 'none' };
  const n8n = await startQueueMode([credential], [keep, { ...pull, settings }]);
  await n8n.publish('keep');
  await bank.setLifetime(1);
  await called(n8n, 'keep', namesOf(count));
  await bank.setLifetime(3600);
  // The tokens expire.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  return n8n;
}

async function called(n8n: QueueMode, path: string, items: string[]): Promise<void> {
  const answer = await n8n.callWebhook(path, { items });
  if (answer.ok) return;
  throw new BenchFailure(`n8n answered ${answer.status} to ${path}: ${await answer.text()}`);
}
