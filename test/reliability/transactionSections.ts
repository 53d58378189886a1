import type { Measure } from './counts';
import { field, table } from './tables';

/** The measures of new transactions. */
export interface TransactionMeasures {
  /** Random histories of a bank, and the reasons of repetitions. */
  readonly histories: Measure;
  readonly repetitions: Measure;
  /** Killed processes. */
  readonly positions: Measure;
}

/** The sections about new transactions. */
export function transactionSections({
  histories,
  repetitions,
  positions,
}: TransactionMeasures): string {
  return `## New transactions in random histories

A model bank books transactions. At random it changes their dates and IDs, leaves some out, hides an account, and lists equal ones. Its pages shift while they are read. It ends consents, and renews them with other account IDs. Its IDs are of six kinds: good ones, none, row numbers, row numbers of the day, a new ID in each read, and one ID for all. Two processes with one SQLite store poll it, also at the same moment. Executions fail, or their success is not reported. The processes die at any statement for the store, before or after a hand-over. At the end the bank behaves well, and a few polls succeed. The bank knows the truth behind its rows, and decides by rules of its own if its answers allow two readings.

${table(histories.rows, [
  ['Histories', field('histories')],
  ['Booked transactions', field('due')],
  ['Lost', field('lost')],
  ['Repeated although the answers allow one reading', field('repeated')],
  ['IDs that name two transactions', field('sharedIds')],
])}

Transactions that came again after a success, because two readings were possible:

${table(repetitions.rows, [
  ['Reason', field('kind')],
  ['Times', field('times')],
])}

## New transactions in processes that are killed

A process polls a bank that has booked some payments more, and hands them over to executions that succeed. It is killed (\`kill -9\`) at moments that are spread over the poll, the hand-overs and their commits, and the next process goes on. At the end, a process lives until nothing comes any more. If a process dies after the success of an execution, and before the commit, its transactions come again.

${table(positions.rows, [
  ['Store', field('store')],
  ['Processes', field('kills')],
  ['Transactions', field('transactions')],
  ['Lost', field('lost')],
  ['Repeated', field('repeated')],
  ['Repeated after the commit', field('wronglyRepeated')],
])}`;
}
