import type { StoredRecord } from '../../store/store';
import { contentOf, readableContent } from '../records/record';
import type { RecordContent } from '../records/recordContent';
import { unknownConsent } from './consentErrors';
import { summaryOf, type ConsentSummary } from './consentList';
import { locateAll, locateAnywhere, type LocationContext } from './location';

/** A stored consent, with what is known of it beside its tokens. */
export interface KeptConsent {
  /** The name under which its tokens are stored. */
  readonly consent: string;
  /** The bank's ID of it, if it is known. */
  readonly consentId?: string;
  readonly summary: ConsentSummary;
  /** The IDs of its accounts, as far as they are known. */
  readonly accounts: readonly string[];
  /** Whether tokens of a renewal did not pass their check. Those before them are used. */
  readonly hasFailedRenewal?: boolean;
}

/** The consents of the client that belong to the keys of the credential. @throws OpenBankingError those of the store */
export async function keptConsents(context: LocationContext): Promise<KeptConsent[]> {
  const { certificateThumbprint } = context.client.profile;
  return (await locateAll(context)).map((record) =>
    keptConsent(record, readableContent(record, context.keys), certificateThumbprint),
  );
}

function keptConsent(
  record: StoredRecord,
  content: RecordContent | undefined,
  certificateThumbprint: string,
): KeptConsent {
  const [consentId] = idsIn(content);
  return {
    consent: record.consent,
    ...(consentId !== undefined && { consentId }),
    summary: summaryOf(record, content, certificateThumbprint),
    accounts: content?.accounts ?? [],
    ...(content?.renewed?.check && { hasFailedRenewal: true }),
  };
}

/**
 * The bank's IDs of a stored consent: that of the tokens that passed, and that of newer ones that did not.
 *
 * @throws OpenBankingError `consent-unknown`, `record-damaged`, and those of the store
 */
export async function consentIdsOf(context: LocationContext, consent: string): Promise<string[]> {
  const located = await locateAnywhere(context, consent);
  if (!located) throw unknownConsent(consent);
  return idsIn(contentOf(located.record, context.keys));
}

function idsIn(content: RecordContent | undefined): string[] {
  const ids = [content?.consentId, content?.renewed?.consentId];
  return [...new Set(ids.filter((id) => id !== undefined))];
}
