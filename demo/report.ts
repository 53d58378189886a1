import type { Account, Journey1Result } from './journey1';

/** What the bank returned, for people to read: the token's properties without the token, and the accounts. */
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

/** The line that ends `npm run demo -- --once`. */
export function lastLine({ accounts, refreshed }: Journey1Result): string {
  return `demo: J1 ok accounts=${accounts.length} refreshed=${refreshed}`;
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
