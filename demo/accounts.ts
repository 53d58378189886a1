/** An account in the bank's answer, with the field names of the Account and Transaction API. */
export interface Account {
  AccountId: string;
  Currency?: string;
  AccountType?: string;
  AccountSubType?: string;
  Nickname?: string;
}

/** The accounts in the output of a node. */
export function accountsOf(items: Array<Record<string, unknown>> = []): Account[] {
  return items.flatMap(({ Data }) => (Data as { Account?: Account[] } | undefined)?.Account ?? []);
}
