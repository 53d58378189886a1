/** An account, balance or transaction as the bank sent it: an object of its JSON. */
export type RawRow = Readonly<Record<string, unknown>>;
