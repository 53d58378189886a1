import type { ConsentedCustomer } from '../../oauth/jwt/customer';
import { readableContent } from '../records/record';
import { locateAnywhere, type LocationContext } from './location';
import { storedCustomer } from './newConsentWriter';

/** The customer of a stored consent. */
export interface CustomerOfConsent extends ConsentedCustomer {
  /** See `RecordContent.grant`. */
  readonly grant: string;
  /** See `RecordContent.lineage`. */
  readonly lineage: string;
}

/**
 * The customer whose tokens are stored for a consent; `undefined` if no record can be read.
 *
 * @throws OpenBankingError those of the store
 */
export async function customerOfConsent(
  context: LocationContext,
  consent: string,
): Promise<CustomerOfConsent | undefined> {
  const record = (await locateAnywhere(context, consent))?.record;
  const content = record && readableContent(record, context.keys);
  if (!content) return undefined;
  const { consentId, grant, lineage = grant } = content;
  const customer = await storedCustomer(content, context.client.profile);
  return {
    ...(customer && { customer }),
    ...(consentId !== undefined && { consentId }),
    ...{ grant, lineage },
  };
}
