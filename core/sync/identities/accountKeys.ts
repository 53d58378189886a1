import { createHmac } from 'node:crypto';

/** An account that a list of the bank has shown before. */
export interface KnownAccount {
  /** The `account_key`: the first `AccountId` under which the account was seen. */
  readonly key: string;
  /** All `AccountId`s under which it was seen, the last one last. */
  readonly ids: readonly string[];
  /** Digests of its identifications; empty if the bank showed none. */
  readonly identifications: readonly string[];
  /** Digest of what tells accounts with one identification apart; absent if the bank showed no identification. */
  readonly details?: string;
  /** When a list last showed it: milliseconds since the epoch, by the store's clock. */
  readonly listedAt?: number;
  /** Whether the list that showed it last was that of another customer: an account without identification is never found to be this one. */
  readonly isOfAnother?: true;
}

/** An account in a list of the bank. */
export interface ListedAccount {
  readonly accountId: string;
  /** Account numbers, IBANs and the like that are not masked. */
  readonly identifications: readonly string[];
  /** Currency and secondary identification: several accounts may have one identification. */
  readonly details: string;
}

/** The accounts of a list, with their keys. */
export interface Recognition {
  readonly accounts: readonly { readonly accountId: string; readonly accountKey: string }[];
  readonly known: readonly KnownAccount[];
  /** Sentences about what is odd but harmless. */
  readonly remarks: readonly string[];
}

/** Maximum number of `AccountId`s that are remembered of an account. A bank may give another one with each consent. */
const MAXIMUM_IDS = 20;

/** Maximum number of identifications that count. Honest banks give three. */
const MAXIMUM_IDENTIFICATIONS = 20;

/** Number of characters of a digest in base64url: 132 bits. */
const LENGTH = 22;

/**
 * Recognizes the accounts of a list, also under new `AccountId`s after the customer has consented again. An account under a new ID is a known
 * one if identification, currency and secondary identification agree, and if that known account is not in the list under its own ID.
 * If the bank shows no identification, it is a known one if exactly one known account of the same customer and one listed account are left
 * over. Otherwise it is new. Accounts that are not in the list stay known.
 *
 * @param listed a complete list
 * @param digestKey in base64url: digests of identifications are HMACs under it
 * @param isSameCustomer whether it is the list of the customer whose list was the last one
 */
export function recognized(
  before: readonly KnownAccount[],
  listed: readonly ListedAccount[],
  digestKey: string,
  isSameCustomer = true,
): Recognition {
  const known = isSameCustomer ? before : before.map(ofAnother);
  const open = new Map(listed.map((account) => [account, shown(account, digestKey)]));
  const found = new Map<ListedAccount, [KnownAccount, Shown]>();
  const left = new Candidates(known);
  const remarks: string[] = [];
  const match = (account: ListedAccount, other: KnownAccount) => {
    found.set(account, [other, open.get(account)!]);
    open.delete(account);
    left.delete(other);
    const { accountId } = account;
    if (!other.ids.includes(accountId)) remarks.push(continues(accountId, other));
  };

  const byId = new Map(known.flatMap((account) => account.ids.map((id) => [id, account])));
  for (const [account, now] of open) {
    const other = byId.get(account.accountId);
    if (other && left.has(other) && mayBe(other, now)) match(account, other);
  }
  for (const [account, now] of open) {
    const same = left.onlyOneLike(now);
    if (same) match(account, same);
  }
  const [[account, now] = []] = open;
  const other = left.only;
  if (account && now && other && open.size === 1) {
    const isUnnamed = other.identifications.length === 0 || now.identifications.length === 0;
    if (isUnnamed) match(account, other);
  }

  const keys = new Set(known.map(({ key }) => key));
  const added: KnownAccount[] = [];
  const changed = new Map<KnownAccount, KnownAccount>();
  const accounts = listed.map((one) => {
    const { accountId } = one;
    const [before, after] = found.get(one) ?? [];
    if (before && after) {
      changed.set(before, seenAgain(before, accountId, after));
      return { accountId, accountKey: before.key };
    }
    const accountKey = freeKey(accountId, keys);
    keys.add(accountKey);
    added.push({ key: accountKey, ids: [accountId], ...open.get(one)! });
    if (left.size > 0) remarks.push(isNew(accountId));
    return { accountId, accountKey };
  });
  return { accounts, known: [...known.map((one) => changed.get(one) ?? one), ...added], remarks };
}

/** The identifications and details that the bank shows of an account, as digests. */
type Shown = Pick<KnownAccount, 'identifications' | 'details'>;

function shown({ identifications, details }: ListedAccount, digestKey: string): Shown {
  if (identifications.length === 0) return { identifications };
  const key = Buffer.from(digestKey, 'base64url');
  const few = [...new Set(identifications)].slice(0, MAXIMUM_IDENTIFICATIONS);
  const digest = (text: string) =>
    createHmac('sha256', key).update(text).digest('base64url').slice(0, LENGTH);
  return { identifications: few.map(digest), details: digest(details) };
}

function shareOne(one: Shown, other: Shown): boolean {
  return one.identifications.some((text) => other.identifications.includes(text));
}

/** Whether an account under the ID of a known one may be it: what the bank shows of both does not differ. */
function mayBe(known: Shown, now: Shown): boolean {
  if (known.identifications.length === 0 || now.identifications.length === 0) return true;
  return shareOne(known, now);
}

/** The known accounts that no listed one was found to be. A list of a hostile bank has many: each is looked up, and not searched for. */
class Candidates {
  readonly #all: Set<KnownAccount>;

  readonly #byShown = new Map<string, Set<KnownAccount>>();

  constructor(known: readonly KnownAccount[]) {
    this.#all = new Set(known);
    for (const account of known) {
      for (const name of namesOf(account)) {
        const others = this.#byShown.get(name);
        if (others) others.add(account);
        else this.#byShown.set(name, new Set([account]));
      }
    }
  }

  get size(): number {
    return this.#all.size;
  }

  /** The last one of the same customer; `undefined` if there are more, or none. */
  get only(): KnownAccount | undefined {
    const [only, ...others] = [...this.#all].filter(({ isOfAnother }) => !isOfAnother);
    return others.length === 0 ? only : undefined;
  }

  has(account: KnownAccount): boolean {
    return this.#all.has(account);
  }

  delete(account: KnownAccount): void {
    this.#all.delete(account);
    for (const name of namesOf(account)) this.#byShown.get(name)!.delete(account);
  }

  /** The known account that an account under another ID is: exactly one shows the same. */
  onlyOneLike(now: Shown): KnownAccount | undefined {
    let found: KnownAccount | undefined;
    for (const name of namesOf(now)) {
      for (const account of this.#byShown.get(name) ?? []) {
        if (found && account !== found) return undefined;
        found = account;
      }
    }
    return found;
  }
}

/** The names under which an account is found again: each of its identifications, with what tells accounts with that one apart. */
function namesOf({ identifications, details = '' }: Shown): string[] {
  return identifications.map((identification) => `${identification} ${details}`);
}

function ofAnother(account: KnownAccount): KnownAccount {
  return { ...account, isOfAnother: true };
}

function seenAgain(known: KnownAccount, accountId: string, now: Shown): KnownAccount {
  const { key, ids } = known;
  const others = ids.filter((id) => id !== accountId).slice(1 - MAXIMUM_IDS);
  const { identifications, details } = now.identifications.length > 0 ? now : known;
  return {
    key,
    ids: [...others, accountId],
    identifications,
    ...(details === undefined ? {} : { details }),
  };
}

/** The key of a new account: its ID, unless another account of the consent has it. */
function freeKey(accountId: string, keys: ReadonlySet<string>): string {
  let key = accountId;
  for (let number = 2; keys.has(key); number++) key = `${accountId}~${number}`;
  return key;
}

const continues = (accountId: string, { key, ids }: KnownAccount) => {
  const last = ids.at(-1) ?? key;
  return `Account ${accountId} continues account ${last}: the bank gave it a new ID. Its "account_key" stays "${key}".`;
};

const isNew = (accountId: string) =>
  `Account ${accountId} is treated as a new account. If it is an account that was here under another ID, its transactions come once more.`;
