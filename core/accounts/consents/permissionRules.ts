/** Permissions of which a bank demands one if another one is there (OBIE, Account Access Consents, Permissions). */
const RULES: readonly { readonly if: RegExp; readonly needed: readonly string[] }[] = [
  { if: /./, needed: ['ReadAccountsBasic', 'ReadAccountsDetail'] },
  {
    if: /^ReadTransactions(?:Basic|Detail)$/,
    needed: ['ReadTransactionsCredits', 'ReadTransactionsDebits'],
  },
  {
    if: /^ReadTransactions(?:Credits|Debits)$/,
    needed: ['ReadTransactionsBasic', 'ReadTransactionsDetail'],
  },
];

/** A sentence about the permission that is missing beside the others by the rules of Open Banking UK; `undefined` if none is. */
export function lackingPermission(permissions: readonly string[]): string | undefined {
  // Those of Brazil have rules of their own.
  if (!permissions.some((permission) => permission.startsWith('Read'))) return undefined;
  const rule = RULES.find(
    ({ if: pattern, needed }) =>
      permissions.some((permission) => pattern.test(permission)) &&
      !needed.some((permission) => permissions.includes(permission)),
  );
  if (!rule) return undefined;
  const list = rule.needed.map((permission) => `"${permission}"`).join(' or ');
  return `the standard demands ${list} beside the chosen permissions.`;
}
