/** The memory of a consent cannot be opened. */
export const foreignMemory = (consent: string) =>
  `The position of the consent "${consent}" is encrypted with a key that the credential no longer has, so this poll is a first run. Add the former key to "Encryption Key", behind the present one.`;

/** The bank does not give all days that are needed. */
export const refusedPeriod = (accountId: string, wanted: string, given: string) =>
  `For the account ${accountId}, the bank refuses transactions from ${wanted} on. It gives those from ${given} on: transactions of the days between may be missing. Banks give older ones just after the customer has logged in.`;

/** Rows that were never processed with success are not shown any more. */
export const forgottenRows = (accountId: string, count: number) =>
  `For the account ${accountId}, the bank has not shown ${count === 1 ? 'a transaction' : `${count} transactions`} for months that the workflow never processed with success.`;
