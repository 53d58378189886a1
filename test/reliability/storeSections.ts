import type { Measure } from './counts';
import { field, table, type Column } from './tables';

/** The names of the measures of stored tokens. */
export const storeMeasures = [
  ...(['dueAtOnce', 'hangingBank', 'retryOnFail', 'kills', 'twoClocks', 'clockJumps'] as const),
  ...(['suspended', 'partition', 'stores', 'owners'] as const),
];

/** The measures of stored tokens, by name. */
export type StoreMeasures = Readonly<Record<(typeof storeMeasures)[number], Measure>>;

const ended: Column = ['Consents ended', field('ended')];
const atOnce: Column = ['Two requests of a consent at once', field('underWayAtOnce')];
const tooEarly: Column = ['Sent again within 5 s', field('sentTooEarly')];
const lost: Column = ['Out of reach', field('lost')];

/** The sections about stored tokens. */
export function storeSections(measures: StoreMeasures): string {
  const { dueAtOnce, hangingBank, retryOnFail, kills, twoClocks, clockJumps } = measures;
  const { suspended, partition, stores, owners } = measures;
  return `## Many consents at once

The access tokens of all consents have expired, and one process asks for all of them in the same moment. The bank replaces each refresh token, and ends a consent if an old one comes. _Told of an outcome that never was_: the error says that the bank may have used the refresh token, and the bank saw no request.

${table(dueAtOnce.rows, [
  ['Store', field('store')],
  ['Consents', field('due')],
  ['Refreshed', field('ok')],
  ['Requests', field('requests')],
  ['Refresh tokens sent twice', field('sentAgain')],
  ['Told of an outcome that never was', field('wronglyUnknown')],
  ['Most requests at once', field('mostAtOnce')],
])}

One bank does not answer, and all its consents are due. Meanwhile, the same process asks for consents of another bank that are due, and for consents of the first bank whose tokens live.

${table(hangingBank.rows, [
  ['Store', field('store')],
  ['Consents that hang', field('hanging')],
  ['Consents of the other bank', field('others')],
  ['Refreshed meanwhile', field('othersOk')],
  ['Living tokens of the first bank', field('living')],
  ['Handed out meanwhile', field('livingOk')],
])}

## Retry On Fail

One execution of the node refreshes many items with a refresh token each, *Retry On Fail* is on, and the first item fails. The bank ends a consent if an old refresh token comes.

${table(retryOnFail.rows, [
  ['Items', field('items')],
  ['Requests', field('requests')],
  ['Received tokens', field('received')],
  ended,
  ['Tokens at another item', field('outOfPlace')],
])}

## Processes that are killed

A process is killed (\`kill -9\`) while it refreshes eight consents, at moments that are spread over the refresh. From that moment on, another process of the same machine asks for each token every second, with the usual time limits, until it gets one, or until the error says that the customer has to consent again.

${table(kills.rows, [
  ['Store', field('store')],
  ['The bank', field('bank')],
  ['Processes', field('kills')],
  ['Consents', field('consents')],
  ['Before the request', field('before')],
  ['After it, before the tokens were stored', field('lostAnswer')],
  ['After the tokens were stored', field('after')],
  ['Consents lost', field('lost')],
  ['Lost wrongly', field('wronglyLost')],
])}

A refresh token that was sent, and whose answer died with the process, is lost at a bank that accepts each refresh token once. No program can prevent that: the customer has to consent again, and the error says so. Each other loss is wrong.

## Clocks

Two hosts use one PostgreSQL, and their clocks differ. The bank carries out the first request of each consent and accepts the former refresh token for a minute more. The other host asks from the moment on in which that request arrived. A request is over if its answer was sent, or if its connection ended.

${table(twoClocks.rows, [
  ['Clocks', field('clocks')],
  ['The bank', field('answer')],
  ['Consents', field('consents')],
  ended,
  atOnce,
  tooEarly,
  lost,
])}

The clock of one machine jumps while requests of two processes are under way. With SQLite, this is also the clock of the store.

${table(clockJumps.rows, [
  ['Store', field('store')],
  ['The clock jumps', field('jump')],
  ['The bank', field('answer')],
  ['Consents', field('consents')],
  ended,
  atOnce,
  lost,
])}

## Processes that are suspended

The process that refreshes a consent is suspended (SIGSTOP) for longer than its lease, while another process asks for the token, and goes on (SIGCONT). The bank ends a consent if an old refresh token comes. If the process was suspended before its request, it must send no refresh token later that the other one used.

${table(suspended.rows, [
  ['Store', field('store')],
  ['Suspended', field('moment')],
  ['Processes', field('holders')],
  ['Before their request', field('before')],
  ['Old refresh tokens sent afterwards', field('sentAfterwards')],
  ended,
  atOnce,
  lost,
])}

## PostgreSQL out of reach

For 20 seconds, the host that refreshes does not reach PostgreSQL. This begins after the attempt is marked, and before the new tokens are stored. The bank accepts the former refresh token for a minute. Another host asks all the time.

${table(partition.rows, [
  ['The network', field('partition')],
  ['Time limit of a request', field('limit')],
  ['Consents', field('consents')],
  ended,
  atOnce,
  lost,
])}

## Stores in trouble

The trouble begins before consents are refreshed, or while they are, and ends. The bank ends a consent if an old refresh token comes. If the store cannot be written before, the bank must not be asked.

${table(stores.rows, [
  ['Store', field('store')],
  ['Trouble', field('title')],
  ['Consents', field('consents')],
  ['Requests while it could not be written before', field('sentMeanwhile')],
  ended,
  ['Consents lost', field('lost')],
])}

## Two users of one n8n

Each of two users has a credential for the same bank and client ID, with a key of its own, and stores tokens under the same consent names as the other. At the same time, both store, refresh, list and forget consents.

${table(owners.rows, [
  ['Store', field('store')],
  ['Users', field('users')],
  ['Consents of each', field('consents')],
  ['Tokens of the other user', field('foreign')],
  ended,
  ['Consents lost', field('lost')],
])}
`;
}
