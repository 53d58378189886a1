import { dueRows } from '../measures/due/rows';
import { CONCURRENCIES } from '../measures/library/measure';
import { PACKAGE, startsProcesses } from '../measures/library/plan';
import { approachLabels } from '../measures/n8n/approaches';
import { approachRows, scaleRows } from '../measures/n8n/rows';
import { pollRows } from '../measures/poll/rows';
import { outsideRows, pullRows, queueSentence, transactionRows } from '../measures/pull/rows';
import { pullLabels } from '../measures/pull/workflows';
import { digits, spread } from './numbers';
import { goals, isReached, type Results } from './results';
import type { Distribution } from './statistics';

/** The parts of docs/performance.md that a run writes, by the names of their marks. */
export function tables(results: Results): Record<string, string> {
  return {
    machine: machineLine(results),
    ratios: ratioTable(results),
    library: libraryTables(results),
    n8n: n8nTables(results),
    pull: pullTables(results),
    credentials: credentialsTable(results),
    due: dueTable(results),
    poll: pollTable(results),
    startup: startupTable(results),
  };
}

/** The meanings of the ratios. */
const meanings: Record<string, string> = {
  of_limit_c1: 'the limit over this package, one after the other',
  of_limit_c16: 'the limit over this package, 16 in flight',
  vs_curl: 'a `curl` for each token',
  vs_openid_client: '`openid-client`',
  vs_oauth4webapi_fetch: '`oauth4webapi` with undici’s fetch',
  vs_simple_oauth2: '`simple-oauth2`',
  vs_axios_new_agent: '`axios` with a new Agent for each request',
  vs_n8n_diy_time: 'JWT → HTTP Request in n8n, 1,000 items: time',
  vs_n8n_diy_memory: 'the same: highest memory of n8n',
  vs_n8n_diy_memory_added: 'the same: memory that the execution adds',
  scale_10_to_10000: 'time a token with 10,000 items over that with 100',
  token_requests_per_1000_pages: 'token requests for 1,000 pages of HTTP Request',
  credentials_1_to_1000: 'time a token with 1,000 credentials over that with one',
  due_1000_sqlite: '1,000 consents due at once, in SQLite: time over no store',
  due_1000_slow_disk: 'the same, each fsync takes 30 ms: time over 120 s',
  due_1000_postgres_0ms: 'the same in PostgreSQL: time over no store',
  due_1000_postgres_50ms: 'the same, round trip of 50 ms: time over 50 s',
  due_1000_postgres_200ms: 'the same, round trip of 200 ms: time over 200 s',
  due_1000_hold: 'the same, longest hold-up of the event loop: time over no store',
  poll_1000_sqlite: 'poll of 1,000 consents with nothing new, in SQLite: seconds',
  poll_1000_postgres: 'the same in PostgreSQL: seconds',
  poll_connections: 'the same: TLS connections to the bank',
  poll_memory_mib: 'the same: memory that three further polls add, MiB',
  poll_kib_per_account: 'the same: store of an account with 50 transactions, KiB',
  pull_vs_http_request: 'pull of 1,000 pages in n8n against HTTP Request → Split Out: time',
  pull_vs_http_request_20ms: 'the same, 20 ms each way to the bank',
  pull_memory_vs_http_request:
    'the same on this machine: added memory, this node over HTTP Request',
  pull_connections_per_1000_pages: 'the same: TLS connections for 1,000 pages',
  pull_of_limit: 'pull without n8n: the limit over this package',
  pull_scale: 'time a transaction with 100,000 transactions over that with 1,000',
  load_ms: 'loading the package, ms',
  load_mib: 'loading the package, MiB',
  first_token_ms: 'the first token of a process, ms',
  first_token_mib: 'the same: memory that stays in use, MiB',
};

function machineLine({ date, machine, versions, library }: Results): string {
  const load = machine.load.map((value) => value.toFixed(1)).join(' before and ');
  const { rounds } = library.contenders[0]!.microseconds;
  return `${date}: ${machine.platform}, ${machine.cpus} CPUs, Node.js ${versions.node}, n8n ${versions.n8n}, curl ${versions.curl}, loopback interface, ${rounds} rounds. Load average of the machine: ${load} after the run.`;
}

function ratioTable({ ratios }: Results): string {
  const rows = Object.entries(ratios).map(([name, ratio]) => {
    const goal = goals[name];
    const isMet = isReached(name, ratio);
    return [
      `\`${name}\``,
      meanings[name] ?? `${meanings[name.replace(/_c16$/, '')] ?? ''}, 16 in flight`,
      digits(ratio.median),
      `${digits(ratio.low)}–${digits(ratio.high)}`,
      goal ? ('atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`) : '',
      isMet === undefined ? '' : isMet ? 'reached' : '**missed**',
    ];
  });
  return table(['Ratio', 'Meaning', 'Median', 'Middle half', 'Goal', ''], rows, 2);
}

function libraryTables({ library }: Results): string {
  return CONCURRENCIES.map((concurrency) => {
    const rows = library.contenders
      .filter((contender) => contender.concurrency === concurrency)
      .map(({ name, label, microseconds, cpuMicroseconds }) => [
        name === PACKAGE ? `**${label}**` : label,
        spread(microseconds),
        cpuOf(name, cpuMicroseconds),
      ]);
    const limit = library.limit.find((each) => each.concurrency === concurrency)!;
    const title = concurrency === 1 ? 'One after the other' : `${concurrency} in flight`;
    return table(
      [title, 'µs a token', 'CPU µs of the client'],
      [...rows, ['limit: both added up', spread(limit.microseconds), '']],
    );
  }).join('\n\n');
}

/** Empty if the contender works in other processes, whose CPU time is not counted. */
function cpuOf(name: string, { median }: Distribution): string {
  return startsProcesses(name) ? '' : median.toFixed(0);
}

function n8nTables({ n8n }: Results): string {
  const comparison = comparisonTable(approachRows(n8n), approachLabels.package);
  const [scaleHead, ...sizes] = scaleRows(n8n);
  const growth = table(scaleHead!, sizes);
  const { pages, tokenRequests, microsecondsPerPage, connections } = n8n.pages;
  const pagesLine = `HTTP Request with a consent's token read ${pages.toLocaleString('en')} pages of accounts with **${tokenRequests}** token request and ${connections.toLocaleString('en')} TLS connections, at ${(microsecondsPerPage / 1000).toFixed(1)} ms a page.`;
  return [comparison, growth, pagesLine].join('\n\n');
}

function pullTables({ pull }: Results): string {
  const [outsideHead, ...outside] = outsideRows(pull);
  const [scaleHead, ...sizes] = transactionRows(pull);
  return [
    comparisonTable(pullRows(pull), pullLabels.node),
    table(outsideHead!, outside),
    table(scaleHead!, sizes),
    queueSentence(pull),
  ].join('\n\n');
}

/** A table in which the row of this package is emphasised. @param rows the first row is the head */
function comparisonTable([head, ...rows]: string[][], ours: string): string {
  const emphasised = (label: string) => (label === ours ? `**${label}**` : label);
  return table(
    head!,
    rows.map(([label, ...cells]) => [emphasised(label!), ...cells]),
  );
}

function credentialsTable({ credentials }: Results): string {
  return table(
    ['Credentials', 'µs a token', 'µs the first token', 'MiB of the process'],
    credentials.sizes.map(({ credentials: count, microseconds, firstMicroseconds, mebibytes }) => [
      count.toLocaleString('en'),
      spread(microseconds),
      firstMicroseconds.toFixed(0),
      mebibytes.toFixed(0),
    ]),
  );
}

function dueTable({ due }: Results): string {
  const [head, ...rows] = dueRows(due);
  return table(head!, rows);
}

function pollTable({ poll }: Results): string {
  const [head, ...rows] = pollRows(poll);
  return table(head!, rows);
}

function startupTable({ startup: { load, firstToken, secondToken } }: Results): string {
  const steps = {
    'loading the package': load,
    'the first token': firstToken,
    'the second': secondToken,
  };
  return table(
    ['In a fresh process', 'ms', 'MiB that stay'],
    Object.entries(steps).map(([name, { milliseconds, mebibytes }]) => [
      name,
      spread(milliseconds, 1),
      spread(mebibytes, 1),
    ]),
  );
}

/** @param left number of columns that are aligned to the left */
function table(head: string[], rows: string[][], left = 1): string {
  const rule = head.map((_, column) => (column < left ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
