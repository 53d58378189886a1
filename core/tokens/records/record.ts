import { digest } from '../../lib/digest';
import { bankOf, type Profile } from '../../profile/profile';
import type { NewRecord, StoredRecord } from '../../store/store';
import type { EncryptionKey, EncryptionKeys } from './encryptionKeys';
import { keyOf } from './envelope';
import { presentContent, type RecordContent } from './recordContent';
import { seal, unseal, type ClearPart } from './seal';
import { refreshTokenExpiryOf, timesOf } from './tokenTimes';

/** The bank, the client and the consent of a record. */
export type RecordOwner = Pick<StoredRecord, 'bank' | 'clientId' | 'consent'>;

/** The parts of a record that neither its place nor its content decides. */
type RecordState = Pick<NewRecord, 'state' | 'certificateThumbprint'>;

/**
 * The name of a record: SHA-256 over bank, client ID, consent and the ID of the key that encrypts it, in base64url. So each owner of a key
 * has records of its own.
 */
export function recordName(
  { bank, clientId, consent }: RecordOwner,
  { id }: Pick<EncryptionKey, 'id'>,
): string {
  return digest(JSON.stringify([bank, clientId, consent, id.toString('base64url')]));
}

/** The name that earlier versions of this package gave to a record, whoever its owner was. */
export function formerRecordName({ bank, clientId, consent }: RecordOwner): string {
  return digest(JSON.stringify([bank, clientId, consent]));
}

/** The consent of a profile. New records are stored for it. */
export function ownerOf(profile: Profile, consent: string): RecordOwner {
  return { bank: bankOf(profile), clientId: profile.clientId, consent };
}

/** Whether a record belongs to one of the keys: the key encrypted it, or its name was made with the ID of the key. */
export function isOwn(record: StoredRecord, keys: EncryptionKeys): boolean {
  return placedBy(record, keys) !== undefined;
}

/** The key that a record belongs to. The envelope may be damaged; then its name still says it. */
function placedBy(record: StoredRecord, keys: EncryptionKeys): EncryptionKey | undefined {
  return (
    keyOf(record.envelope, keys) ?? keys.find((key) => record.name === recordName(record, key))
  );
}

/** A record that is stored for the first time, under the name of the first key. */
export function newRecord(
  { profile, consent }: { readonly profile: Profile; readonly consent: string },
  content: RecordContent,
  keys: EncryptionKeys,
): NewRecord {
  const { certificateThumbprint } = profile;
  const state = { state: 'usable', certificateThumbprint } as const;
  return underKey(ownerOf(profile, consent), content, keys[0], state);
}

/** A stored record with other content. It keeps its name, and the key that it belongs to. */
export function rewritten(
  record: StoredRecord,
  content: RecordContent,
  keys: EncryptionKeys,
  state: RecordState,
): NewRecord {
  return sealed(record, content, placedBy(record, keys) ?? keys[0], state);
}

/** A stored record under the name of the first key, and encrypted with it, for the bank of the profile. */
export function movedRecord(
  record: StoredRecord,
  keys: EncryptionKeys,
  profile: Profile,
): NewRecord {
  return underKey(ownerOf(profile, record.consent), contentOf(record, keys), keys[0], record);
}

function underKey(
  owner: RecordOwner,
  content: RecordContent,
  key: EncryptionKey,
  state: RecordState,
): NewRecord {
  return sealed({ ...owner, name: recordName(owner, key) }, content, key, state);
}

/** Its clear part describes the tokens that passed; if there are none, those that were received. */
function sealed(
  { name, bank, clientId, consent }: RecordOwner & Pick<StoredRecord, 'name'>,
  content: RecordContent,
  key: EncryptionKey,
  { state, certificateThumbprint }: RecordState,
): NewRecord {
  const tokens = (content.tokens ?? content.refreshed?.tokens ?? content.renewed?.tokens)!;
  const { obtainedAt, expiresAt } = timesOf(tokens);
  const clear: ClearPart = {
    ...{ name, bank, clientId, consent, expiresAt, obtainedAt },
    refreshTokenExpiresAt: refreshTokenExpiryOf(tokens),
    certificateThumbprint,
  };
  return { ...clear, state, envelope: seal(content, clear, key) };
}

/**
 * The content of a record that belongs to one of the keys, see {@link isOwn}.
 *
 * @throws OpenBankingError `record-damaged`
 */
export function contentOf(record: StoredRecord, keys: EncryptionKeys): RecordContent {
  return presentContent(unseal(record.envelope, record, keys) as RecordContent);
}

/** The content of a record; `undefined` if it is damaged. */
export function readableContent(
  record: StoredRecord,
  keys: EncryptionKeys,
): RecordContent | undefined {
  try {
    return contentOf(record, keys);
  } catch {
    return undefined;
  }
}
