import { spread } from '../../report/numbers';
import type { PullResult } from './measure';
import { pullApproaches, pullLabels } from './workflows';

/** Pulls in n8n as rows of a table; the first row is the head. */
export function pullRows({ n8n: { pages, distantPages, approaches } }: PullResult): string[][] {
  const rows = pullApproaches.map((approach) => {
    const cost = approaches[approach];
    return [
      pullLabels[approach],
      spread(cost.microseconds),
      cost.connections.toLocaleString('en'),
      spread(cost.addedMebibytes),
      spread(cost.distantMilliseconds, 1),
      cost.distantConnections.toLocaleString('en'),
    ];
  });
  return [
    [
      `${pages.toLocaleString('en')} pages of 50`,
      ...['µs a page', 'connections', 'MiB added'],
      ...[`20 ms away, ${distantPages} pages: ms a page`, 'connections'],
    ],
    ...rows,
  ];
}

/** Pulls without n8n as rows of a table; the first row is the head. */
export function outsideRows({ outside }: PullResult): string[][] {
  return [
    ['100 pages of 50, without n8n', 'µs a page'],
    ['this package', spread(outside.packageMicroseconds)],
    ['limit: one TLS socket and JSON.parse', spread(outside.bareMicroseconds)],
  ];
}

/** Time by the number of transactions as rows of a table; the first row is the head. */
export function transactionRows({ outside: { scale } }: PullResult): string[][] {
  return [
    ['Transactions, simplified', 'µs a transaction'],
    ...scale.map(({ transactions, microseconds }) => [
      transactions.toLocaleString('en'),
      spread(microseconds, 1),
    ]),
  ];
}

/** A sentence about many consents in queue mode; empty if they were not measured. */
export function queueSentence({ queue }: PullResult): string {
  if (!queue) return '';
  const count = (value: number) => Math.round(value).toLocaleString('en');
  return `In queue mode with two workers, ${count(queue.consents)} consents with 4 accounts each, all with an expired token, gave ${count(queue.transactions)} transactions in ${queue.seconds.toFixed(0)} seconds: ${count(queue.transactionsPerSecond)} a second, with ${count(queue.tokenRequests)} token requests and ${count(queue.connections)} TLS connections.`;
}
