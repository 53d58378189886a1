import type { Account } from './accounts';
import type { Journey1Result } from './journey1';
import type { Journey2Result } from './journey2';

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

/** The last line of `npm run demo -- --once`. */
export function lastLine(first: Journey1Result, second: Journey2Result): string {
  return `demo: J1 ok accounts=${first.accounts.length} refreshed=${first.refreshed} J2 ok accounts=${second.accounts.length}`;
}

function table(accounts: Account[]): string[] {
  const rows = [
    ['Account', 'Name', 'Kind', 'Currency'],
    ...accounts.map((account) => [
      account.AccountId,
      account.Nickname ?? '',
      account.AccountSubType ?? account.AccountType ?? '',
      account.Currency ?? '',
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
