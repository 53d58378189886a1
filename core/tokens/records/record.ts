import { digest } from '../../lib/digest';
import { bankOf, type Profile } from '../../profile/profile';
import type { NewRecord, StoredRecord } from '../../store/store';
import type { EncryptionKeys } from './encryptionKeys';
import { presentContent, type RecordContent } from './recordContent';
import { seal, unseal, type ClearPart } from './seal';
import { refreshTokenExpiryOf, timesOf } from './tokenTimes';

/** The client, the bank and the consent of a record. */
export interface RecordOwner {
  readonly profile: Profile;
  readonly consent: string;
}

/** The name of a record: SHA-256 over bank, client ID and consent, in base64url. */
export function recordName({ profile, consent }: RecordOwner): string {
  return digest(JSON.stringify([bankOf(profile), profile.clientId, consent]));
}

/**
 * A new record with encrypted content. Its clear part describes the tokens that passed; if there are none, those that were received.
 *
 * @param certificateThumbprint of the client certificate that these tokens were issued to; that of the profile if not given
 */
export function newRecord(
  owner: RecordOwner,
  content: RecordContent,
  keys: EncryptionKeys,
  {
    state = 'usable',
    certificateThumbprint = owner.profile.certificateThumbprint,
  }: Partial<Pick<NewRecord, 'state' | 'certificateThumbprint'>> = {},
): NewRecord {
  const { profile, consent } = owner;
  const tokens = (content.tokens ?? content.refreshed?.tokens ?? content.renewed?.tokens)!;
  const { obtainedAt, expiresAt } = timesOf(tokens);
  const clear: ClearPart = {
    name: recordName(owner),
    bank: bankOf(profile),
    clientId: profile.clientId,
    consent,
    expiresAt,
    obtainedAt,
    refreshTokenExpiresAt: refreshTokenExpiryOf(tokens),
    certificateThumbprint,
  };
  return { ...clear, state, envelope: seal(content, clear, keys) };
}

/**
 * The content of a record.
 *
 * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`
 */
export function contentOf(record: StoredRecord, keys: EncryptionKeys): RecordContent {
  return presentContent(unseal(record.envelope, record, keys) as RecordContent);
}

/** The content of a record; `undefined` if it cannot be read with these keys, or is damaged. */
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
