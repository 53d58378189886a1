import type { StoredRecord } from '../../store/store';
import { rewritten } from '../records/record';
import {
  withRefreshedTokens,
  type FailedCheck,
  type Received,
  type RecordContent,
} from '../records/recordContent';
import type { ReceivedTokens } from '../../oauth/grants/tokenSet';
import { checkFailure } from './consentErrors';
import type { RefreshContext } from './refreshContext';
import { renewedContent } from './newConsentWriter';

/** A record, with its content. */
export interface ReadRecord {
  readonly record: StoredRecord;
  readonly content: RecordContent;
}

/**
 * Checks the received tokens of a record again: those of a newer consent first. Tokens that pass take the place of the earlier tokens;
 * if they are of a newer consent, that ends the lease. Otherwise the record says which check failed.
 *
 * No lease is needed: nothing is sent, and a record that was changed meanwhile is not written.
 *
 * @returns the record as it is now; `undefined` if it was changed meanwhile
 */
export async function checkReceived(
  { client, store, keys }: Pick<RefreshContext, 'client' | 'store' | 'keys'>,
  { record, content }: ReadRecord,
): Promise<(ReadRecord & { readonly hasPassed: boolean }) | undefined> {
  const written = async (
    next: RecordContent,
    certificateThumbprint: string | undefined,
    hasPassed: boolean,
    write: 'replace' | 'amend' = 'amend',
  ) => {
    const clear = {
      state: hasPassed ? ('usable' as const) : record.state,
      certificateThumbprint: certificateThumbprint ?? record.certificateThumbprint,
    };
    const changed = rewritten(record, next, keys, clear);
    const stored = await store[write](changed, record.revision);
    return stored && { record: stored, content: next, hasPassed };
  };

  let { renewed, refreshed } = content;
  if (renewed) {
    const result = await again(renewed);
    if (!result.failedCheck) {
      const { consentId, acceptAnotherCustomer } = renewed;
      const customer = result.customer ?? renewed.customer;
      const passed = { tokens: result.tokens, customer, consentId, acceptAnotherCustomer };
      const next = await renewedContent(client.profile, content, passed);
      if ('content' in next) {
        return written(next.content, renewed.certificateThumbprint, true, 'replace');
      }
      renewed = { ...renewed, customer, check: checkOf(next.failedCheck, renewed) };
    } else {
      renewed = { ...renewed, check: checkOf(result.failedCheck, renewed) };
    }
  }
  if (refreshed) {
    const result = await again(refreshed);
    if (!result.failedCheck) {
      const { tokens, customer } = result;
      const first = refreshed.expected?.customer ?? customer;
      const next = withRefreshedTokens({ ...content, renewed }, tokens, first);
      // The lease stays: a person may have asked for another refresh, which is under way.
      return written(next, refreshed.certificateThumbprint, true);
    }
    refreshed = { ...refreshed, check: checkOf(result.failedCheck, refreshed) };
  }
  const next = { ...content, ...(renewed && { renewed }), ...(refreshed && { refreshed }) };
  const isSame = JSON.stringify(next) === JSON.stringify(content);
  return isSame ? { record, content, hasPassed: false } : written(next, undefined, false);

  async function again(received: Received): Promise<ReceivedTokens> {
    const { tokens, expected } = received;
    if (expected) return client.checkAgain(tokens, expected);
    return { tokens, remarks: [], expected: {}, failedCheck: checkFailure(received) };
  }
}

/** The check that tokens failed. If they could not be checked again now, the former one still counts. */
function checkOf({ code, message }: FailedCheck, { check: former }: Received): FailedCheck {
  return code === 'jwks-unusable' && former ? former : { code, message };
}
