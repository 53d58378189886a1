import type { Account } from './accounts';
import type { Journey1Result } from './journey1';
import type { Journey2Result } from './journey2';
import type { Journey5Result } from './journey5';

/** The report of J1 for the terminal: the token's properties without the token, and the accounts. */
export function report({
  tokenType,
  expiresIn,
  scope,
  accounts,
  refreshed,
}: Journey1Result): string {
  return [
    'The bank returned',
    `  token_type   ${tokenType}`,
    `  expires_in   ${expiresIn}`,
    `  scope        ${scope}`,
    `  accounts     ${accounts.length}`,
    '',
    ...table(accounts).map((line) => `  ${line}`),
    '',
    refreshed
      ? 'The token was refreshed, and the bank returned the same accounts for the new one.'
      : 'The token was NOT refreshed.',
  ].join('\n');
}

/** The report of J2 for the terminal. */
export function pullReport({ accounts, transactions }: Journey2Result): string {
  return `The second pull brought ${accounts.length} accounts with ${transactions} transactions.`;
}

/** Columns of a transaction in the report of J5, of many. */
const COLUMNS = ['booked_at', 'status', 'amount', 'currency', 'counterparty'] as const;

/** Transactions that the report of J5 shows. */
const SHOWN = 3;

/** The report of J5 for the terminal. */
export function rowsReport({ accounts, balances, transactions }: Journey5Result): string {
  const shown = transactions
    .slice(0, SHOWN)
    .map((row) => COLUMNS.map((column) => cellOf(row[column])));
  return [
    `${accounts.length} accounts, ${balances.length} balances and ${transactions.length} booked transactions of 30 days are ready for a database. The first transactions:`,
    '',
    ...aligned([[...COLUMNS], ...shown]).map((line) => `  ${line}`),
  ].join('\n');
}

function cellOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The last line of `npm run demo -- --once`. */
export function lastLine(
  first: Journey1Result,
  second: Journey2Result,
  fifth: Journey5Result,
): string {
  return `demo: J1 ok accounts=${first.accounts.length} refreshed=${first.refreshed} J2 ok accounts=${second.accounts.length} J5 ok transactions=${fifth.transactions.length}`;
}

function table(accounts: Account[]): string[] {
  return aligned([
    ['Account', 'Name', 'Kind', 'Currency'],
    ...accounts.map((account) => [
      account.AccountId,
      account.Nickname ?? '',
      account.AccountSubType ?? account.AccountType ?? '',
      account.Currency ?? '',
    ]),
  ]);
}

/** Rows as lines, with each column as wide as its longest cell. */
function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
