import { digest } from '../../lib/digest';
import { readableContent } from '../records/record';
import type { StoredRecord } from '../../store/store';
import { NO_OWN_CONSENT } from './consentErrors';
import { formerKeyRemarks, summaryOf, type ConsentSummary } from './consentList';
import { locateAll, type LocationContext } from './location';

/** The consents of a client, and warnings for operators. */
export interface ConsentOverview {
  consents: ConsentSummary[];
  remarks: string[];
}

/** The consents of the client at its bank that belong to the keys of the credential. @throws OpenBankingError those of the store */
export async function listConsents(context: LocationContext): Promise<ConsentSummary[]> {
  return summariesOf(context, await locateAll(context));
}

/** The consents of {@link listConsents}, and warnings for operators. @throws OpenBankingError those of the store */
export async function overviewOfConsents(context: LocationContext): Promise<ConsentOverview> {
  const { store, keys } = context;
  const records = await locateAll(context);
  const remarks = [
    ...(await store.warnings()),
    ...(records.length === 0 ? [NO_OWN_CONSENT] : formerKeyRemarks(records, keys)),
  ];
  return { consents: summariesOf(context, records), remarks };
}

/**
 * Digests of all stored and former refresh tokens, with their consents. Damaged records are skipped.
 *
 * @throws OpenBankingError those of the store
 */
export async function storedRefreshTokens(
  context: LocationContext,
): Promise<(readonly [token: string, consent: string])[]> {
  return (await locateAll(context)).flatMap((record) => {
    const content = readableContent(record, context.keys);
    const { tokens, refreshed, renewed, former = [] } = content ?? {};
    const stored = [tokens, refreshed?.tokens, renewed?.tokens]
      .map((set) => set?.refresh_token)
      .filter((token) => token !== undefined)
      .map(digest);
    return [...former, ...stored].map((token) => [token, record.consent] as const);
  });
}

function summariesOf(
  { client, keys }: LocationContext,
  records: readonly StoredRecord[],
): ConsentSummary[] {
  const { certificateThumbprint } = client.profile;
  return records.map((record) =>
    summaryOf(record, readableContent(record, keys), certificateThumbprint),
  );
}
