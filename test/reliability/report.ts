import { countNames } from './cell';
import type { Measure } from './counts';
import { transactionSections, type TransactionMeasures } from './transactionSections';
import { storeSections, type StoreMeasures } from './storeSections';
import { field, table, type Column, type Row } from './tables';

/** The counts of all measures. */
export interface Measures {
  /** One measure for each family of faults. */
  readonly faults: readonly Measure[];
  /** One measure for each file of properties. */
  readonly properties: readonly Measure[];
  readonly idTokens: Measure;
  readonly transactions: TransactionMeasures;
  readonly tokenLife: Measure;
  readonly stores: StoreMeasures;
}

const familyNames: Record<string, string> = {
  statuses: 'Status codes',
  framings: 'Framing of the answer',
  encodings: 'Compression, character sets, types',
  bodies: 'JSON of the answer',
  connections: 'Connections that end, answers in pieces, time',
  handshakes: 'TLS',
  refusals: 'Refusals',
  limits: '429 and 503, `Retry-After`',
  outages: 'Faults that last for hours',
};

const inputNames: Record<string, string> = {
  answers: 'Answers with tokens',
  keys: 'Keys, certificates and hosts',
  keystores: 'PKCS#12 keystores',
  redirects: 'Redirects',
  metadata: 'Metadata and key sets',
  answersOverTls: 'Answers over mutual TLS',
  echoes: 'Refusals that repeat the request',
};

const counted: Column[] = [
  ['Codes sent twice', field('codesSentTwice')],
  ['Refresh tokens sent while under way', field('sentWhileUnderWay')],
  ['Sent again after a refusal', field('sentAfterRefusal')],
  ['Out of reach', field('stuck')],
  ['Received and lost', field('lost')],
];

/** docs/reliability.md. */
export function reliabilityDocument({
  faults,
  properties,
  idTokens,
  transactions,
  tokenLife,
  stores,
}: Measures): string {
  const byFamily = faults.map(({ rows }) => summed(rows));
  const byKind = [...new Set(faults.flatMap(({ rows }) => rows.map(({ kind }) => kind)))].map(
    (kind) => ({
      ...summed(faults.flatMap(({ rows }) => rows).filter((row) => row.kind === kind)),
      kind: kind!,
    }),
  );
  const total = byFamily.reduce((sum, { faults: count }) => sum + Number(count), 0);
  return `# What happens when something goes wrong

These tables are the result of \`npm run test:reliability\`, which also writes this page. They show counts and no times, because counts do not depend on the machine. Each count of a failure has to be 0: otherwise the command fails.

Only the bank's mistakes and the passing of hours are simulated. The package talks to servers on this machine over mutual TLS, stores tokens in SQLite and PostgreSQL, and runs in n8n's own engine if a table is about nodes.

## Faults at the token endpoint

${total} faults, each with four kinds of request: an authorization code, the application's own token, a refresh at a bank that keeps the refresh token, and a refresh at a bank that replaces it. While the fault is there, several callers ask at the same time, through two clients with a store connection and a memory of their own, like two processes. Then the bank works again, and they ask at once, after 6 seconds, 5 minutes, one hour, two hours, and when everything has expired.

If nobody can know whether the bank used up a refresh token, both are tried: a bank that did, and one that did not.

${table(byFamily, [
  ['Fault', (row) => familyNames[row.family!] ?? row.family!],
  ['Faults', field('faults')],
  ['Cells', field('cells')],
  ...counted,
])}

The same by kind of request:

${table(byKind, [['Request', field('kind')], ['Cells', field('cells')], ...counted])}

- *Codes sent twice*: the bank saw one code again. After status 429, which says that nothing was processed, a code may be sent again.
- *Refresh tokens sent while under way*: the bank saw a refresh token again, and the earlier request might still have been processed.
- *Sent again after a refusal*: within an hour after the bank refused the refresh token, or sent a refusal that cannot be read; or before the time in \`Retry-After\`, of which five minutes count.
- *Out of reach*: the bank worked, and no token was returned within the time that the fault requires. If the bank used up the refresh token and its answer could not be read, the error has to say that the customer has to consent again.
- *Received and lost*: the bank sent a JSON object with a token and a status of success, and no token was returned.

## Changed inputs

Good inputs are changed at random, also in ways that people, mail programs and gateways change them: bits, bytes, cut and repeated parts, types and members of JSON, tags, lengths and numbers of DER, lines of PEM, parameters of addresses, status lines, headers and chunks. A part of the answers comes over mutual TLS. \`npm test\` does the same with fewer cases.

${table(
  properties.flatMap(({ rows }) => rows),
  [
    ['Changed', (row) => inputNames[row.kind!] ?? row.kind!],
    ['Cases', field('cases')],
    ['Crashes', field('crashes')],
    ['Event loop blocked for a second', field('hangs')],
    ['Tokens lost', field('lost')],
    ['Secrets shown', field('leaks')],
  ],
)}

- *Crashes*: something was thrown that is no error of [the list](errors.md).
- *Event loop blocked for a second*: of CPU. Meanwhile n8n would do nothing else.
- *Tokens lost*: an answer with a status of success was JSON with a token, and no token was returned, or another one, or none could be read from the store again. For a redirect: a code was accepted that the bank did not sign.
- *Secrets shown*: a message, an advice or a remark had twelve characters of a private key, passphrase, token, code or assertion, also in another encoding.

## Bad ID tokens

Each kind of bad ID token comes by the code flow, by a signed response (JARM) and by the hybrid flow. It fails if the node fails with an error that names the check, nothing is sent afterwards, and no token that passed is replaced, for a day. An ID token that lacks an optional claim has to pass.

${table(idTokens.rows, [
  ['Where it comes', field('scene')],
  ['Kinds', field('kinds')],
  ['Have to fail', field('failing')],
  ['Have to pass', field('passing')],
  ['Wrong', field('wrong')],
])}

${transactionSections(transactions)}

## One failure within the life of a token

Access tokens live for eight seconds. One refresh fails, at each of several moments of that life, while 100 readers ask for the token again and again, through four clients with a store connection and a memory of their own, like four processes. From half a second after its issue until it expires, no reader may get an error. If the bank refuses an old refresh token, it ends the access token, too.

${table(tokenLife.rows, [
  ['The refresh meets', field('setback')],
  ['Store', field('store')],
  ['Moments', field('moments')],
  ['Readers', field('readers')],
  ['Failed inside the life', field('failedInsideLife')],
  ['Expired tokens handed out', field('expired')],
  ['Refresh tokens sent while under way', field('sentWhileUnderWay')],
  ['Out of reach', field('stuck')],
])}

${storeSections(stores)}`;
}

function summed(rows: readonly Row[]): Row {
  const [first = {}] = rows;
  const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
  return {
    ...first,
    ...Object.fromEntries(['cells', ...countNames].map((name) => [name, sum(name)])),
  };
}
