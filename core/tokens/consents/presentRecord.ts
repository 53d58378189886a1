import { digest } from '../../lib/digest';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import { contentOf, newRecord, rewritten } from '../records/record';
import type { RecordContent } from '../records/recordContent';
import { unknownConsent } from './consentErrors';
import { firstRefreshTokenLeft } from './firstRefreshToken';
import {
  locate,
  locateByMetadata,
  locateEverywhere,
  searchedNames,
  type Located,
} from './location';
import type { ReadRecord } from './receivedCheck';
import type { RefreshContext } from './refreshContext';

/** The consent whose token is wanted. */
export interface WantedConsent {
  readonly consent: string;
  /** Its name in the memory of the process, see `homeName`. */
  readonly name: string;
  /** The first refresh token of the credential; empty if there is none. */
  readonly firstRefreshToken: string;
}

/** The record of a consent that counts, and other records of the same consent. */
export type PresentRecord = ReadRecord & Omit<Located, 'record'>;

/**
 * The record of a consent. If there is none, or if a person replaced the first refresh token, a record is made with the first refresh token.
 *
 * @throws OpenBankingError `consent-unknown`, `record-damaged`, those of the store, and those of discovery
 */
export async function presentRecord(
  context: RefreshContext,
  wanted: WantedConsent,
): Promise<PresentRecord> {
  const { client, store, keys } = context;
  const { consent, firstRefreshToken } = wanted;
  const located = (await look(context, consent)) ?? (await locateByMetadata(context, consent));
  const present = located && { ...located, content: contentOf(located.record, keys) };
  if (!firstRefreshToken) {
    if (!present) throw unknownConsent(consent);
    return present;
  }
  const grant = digest(firstRefreshToken);
  const imported = present?.content.imported ?? [];
  if (present) {
    const isNew = !imported.includes(grant);
    const isReplaced = isNew && (imported.length > 0 || present.record.state === 'needs-consent');
    if (!isReplaced) {
      return {
        ...present,
        remarks: [...present.remarks, ...(isNew ? [] : [firstRefreshTokenLeft(consent)])],
      };
    }
  }
  const begun: RecordContent = {
    tokens: tokensOfFirst(firstRefreshToken),
    grant,
    imported: [...imported, grant],
  };
  const { profile } = client;
  const { certificateThumbprint } = profile;
  await store.replace(
    present
      ? rewritten(present.record, begun, keys, { state: 'usable', certificateThumbprint })
      : newRecord({ profile, consent }, begun, keys),
    present?.record.revision ?? 0,
  );
  // Another process may have stored a record, perhaps one with the same refresh token under another name.
  const stored = await locateEverywhere(context, consent);
  if (!stored) throw unknownConsent(consent);
  return { ...stored, content: contentOf(stored.record, keys) };
}

/** Looks for the records, in a slot of the bank. Tokens that wait in memory are stored first. */
function look(context: RefreshContext, consent: string): Promise<Located | undefined> {
  return context.limits.looks.use(async () => {
    for (const name of searchedNames(context, consent)) await context.unsaved.save(name);
    return locate(context, consent);
  });
}

function tokensOfFirst(refreshToken: string): TokenSet {
  return {
    refresh_token: refreshToken,
    obtained_at: new Date().toISOString(),
    // There is no access token yet. A time in the past causes a refresh at once.
    expires_at: new Date(0).toISOString(),
    refresh_token_rotated: false,
  };
}
