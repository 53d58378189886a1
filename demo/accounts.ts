/** An account as the bank returned it, in the words of the Account and Transaction API. */
export interface Account {
  AccountId: string;
  Currency?: string;
  AccountType?: string;
  AccountSubType?: string;
  Nickname?: string;
}

/** The accounts in what a node put out that asked the bank for them. */
export function accountsOf(items: Array<Record<string, unknown>> = []): Account[] {
  return items.flatMap(({ Data }) => (Data as { Account?: Account[] } | undefined)?.Account ?? []);
}
