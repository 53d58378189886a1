import { bankOf, otherBankOf, type Profile } from '../../profile/profile';
import type { StoredRecord } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import { formerRecordName, isOwn, ownerOf, recordName, type RecordOwner } from '../records/record';
import { newestFirst } from './recordOrder';
import type { RefreshContext } from './refreshContext';

/** The objects that find records. */
export type LocationContext = Pick<RefreshContext, 'client' | 'store' | 'keys'>;

/** The records of a consent that belong to the keys of a credential. */
export interface Located {
  /** The record that counts. */
  readonly record: StoredRecord;
  /** Further records of the same consent, which another order of keys or another name of the bank left behind. */
  readonly others: readonly StoredRecord[];
  /** Warnings. */
  readonly remarks: readonly string[];
}

/** A consent of the client, with the keys that it belongs to. */
type NamingContext = Pick<LocationContext, 'client' | 'keys'>;

/** The name under which a consent is stored: that of the first key. It also names the consent in the memory of the process. */
export function homeName({ client, keys }: NamingContext, consent: string): string {
  return recordName(ownerOf(client.profile, consent), keys[0]);
}

/** The names that only the owner of the keys can give to a consent. */
export function ownNames({ client, keys }: NamingContext, consent: string): string[] {
  return ownersAt(client.profile, consent).flatMap((owner) => namesBy(owner, keys));
}

/** The names under which {@link locate} looks for a consent. */
export function searchedNames({ client, keys }: NamingContext, consent: string): string[] {
  return ownersAt(client.profile, consent).flatMap((owner) => allNames(owner, keys));
}

/**
 * The records of a consent, by the names that the keys of the credential give it, and by the name that earlier versions of this package gave
 * it. A record of another owner does not count, also under the latter name.
 *
 * A bank has two names: its token endpoint and its issuer, see `bankOf`. Both are looked up, if the settings have both.
 *
 * @returns `undefined` if there is none
 * @throws OpenBankingError those of the store
 */
export function locate(context: LocationContext, consent: string): Promise<Located | undefined> {
  return locateAt(context, consent, banksOf(context.client.profile));
}

/**
 * The records of a consent under a name of the bank that its metadata says: its token endpoint, if the settings name the issuer. It is for
 * consents that {@link locate} does not find.
 *
 * @returns `undefined` if there is none
 * @throws OpenBankingError those of the store, and those of discovery
 */
export async function locateByMetadata(
  context: LocationContext,
  consent: string,
): Promise<Located | undefined> {
  const { client } = context;
  if ('endpoints' in client.profile.bank) return undefined;
  return locateAt(context, consent, [(await client.endpoints()).token.url]);
}

/** The records of a consent by {@link locate}, or else by {@link locateByMetadata}. */
export async function locateAnywhere(
  context: LocationContext,
  consent: string,
): Promise<Located | undefined> {
  return (await locate(context, consent)) ?? locateByMetadata(context, consent);
}

/**
 * The records of a consent under all names of the bank, those of its metadata included. It is for a consent whose record was just made: the
 * other one may have the same refresh token.
 *
 * @throws OpenBankingError as {@link locateByMetadata}
 */
export async function locateEverywhere(
  context: LocationContext,
  consent: string,
): Promise<Located | undefined> {
  const { token } = await context.client.endpoints();
  const banks = new Set([...banksOf(context.client.profile), token.url]);
  return locateAt(context, consent, [...banks]);
}

/**
 * The records of all consents of the client that belong to its keys: one for each consent, in the order of the store.
 *
 * @throws OpenBankingError those of the store. If the metadata of the bank cannot be fetched, consents under another name of the bank are
 * left out
 */
export async function locateAll(context: LocationContext): Promise<StoredRecord[]> {
  const { client, store, keys } = context;
  const { profile } = client;
  const own = (await store.list(profile.clientId)).filter((record) => isOwn(record, keys));
  const banks = new Set(banksOf(profile));
  const isOfDiscovery = !('endpoints' in profile.bank);
  if (isOfDiscovery && own.some(({ bank }) => !banks.has(bank))) {
    await client.endpoints().then(
      ({ token }) => banks.add(token.url),
      () => undefined,
    );
  }
  const byConsent = new Map<string, StoredRecord[]>();
  for (const record of own.filter(({ bank }) => banks.has(bank))) {
    byConsent.set(record.consent, [...(byConsent.get(record.consent) ?? []), record]);
  }
  return [...byConsent.values()].map((records) => newestFirst(records, keys)[0]!);
}

async function locateAt(
  { client, store, keys }: LocationContext,
  consent: string,
  banks: readonly string[],
): Promise<Located | undefined> {
  const owners = ownersAt(client.profile, consent, banks);
  const found = await store.find([...new Set(owners.flatMap((owner) => allNames(owner, keys)))]);
  const own = found.filter((record) => isOwn(record, keys));
  if (own.length === 0) return undefined;
  const [record, ...others] = newestFirst(own, keys);
  const isElsewhere = record!.bank !== bankOf(client.profile);
  return { record: record!, others, remarks: isElsewhere ? [elsewhere(record!)] : [] };
}

function ownersAt(
  profile: Profile,
  consent: string,
  banks: readonly string[] = banksOf(profile),
): RecordOwner[] {
  return banks.map((bank) => ({ ...ownerOf(profile, consent), bank }));
}

function namesBy(owner: RecordOwner, keys: EncryptionKeys): string[] {
  return keys.map((key) => recordName(owner, key));
}

function allNames(owner: RecordOwner, keys: EncryptionKeys): string[] {
  return [...namesBy(owner, keys), formerRecordName(owner)];
}

/** The names of the bank that the settings say: the one under which consents are stored comes first. */
function banksOf(profile: Profile): string[] {
  const other = otherBankOf(profile);
  return [bankOf(profile), ...(other === undefined ? [] : [other])];
}

function elsewhere({ consent, bank }: StoredRecord): string {
  return `The tokens of consent "${consent}" were found under another name of the bank (${bank}): they were stored with another choice of "Bank" in the credential. They move to the present one at the next refresh.`;
}
