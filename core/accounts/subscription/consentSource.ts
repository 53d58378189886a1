import type { Remarks } from '../../lib/remarks';
import type { CustomerFacts } from '../../sync/consentState';
import { ConsentAccess } from '../access';
import { AccountApi } from '../accountApi';
import { signedAnswersOf } from '../signedAnswers';
import { AccountsOfConsent } from '../knownAccounts';
import type { PullRequest } from '../pullRequest';
import type { ReadContext } from './options';

/** The bank as a consent opens it. */
export interface ConsentSource {
  readonly request: PullRequest;
  /** Identifies what the customer allowed, see `RecordContent.grant`. */
  readonly grant: string | undefined;
  /** The customer who allowed it; `undefined` if it is not known, or if the customer has consented again meanwhile. */
  readonly customer: () => Promise<CustomerFacts | undefined>;
  /** Warnings about the tokens. */
  readonly remarks: () => readonly string[];
}

/** Opens the bank for a consent. @throws OpenBankingError as `ConsentTokens.valid` */
export async function consentSource(
  { client, tokens, api, source }: ReadContext,
  consent: string,
  remarks: Remarks,
  signal: AbortSignal | undefined,
): Promise<ConsentSource> {
  const common = { simplify: true, remarks };
  if (source) {
    const request = { ...common, api: source(consent), origin: { consent } };
    const customer = () => tokens.customer(consent);
    return { request, grant: undefined, customer, remarks: () => [] };
  }
  const access = new ConsentAccess(tokens, consent);
  const [consentId, grant] = [await access.consentId(), await access.grant()];
  const request = {
    ...common,
    api: new AccountApi(client.profile, access, {
      ...{ ...api, ...signedAnswersOf(client) },
      ...(signal && { signal }),
    }),
    origin: { consent, ...(consentId !== undefined && { consentId }) },
    knownAccounts: new AccountsOfConsent(tokens, consent, grant),
  };
  const customer = async () => {
    const facts = await tokens.customer(consent);
    return facts?.grant === grant ? facts : undefined;
  };
  return { request, grant, customer, remarks: () => access.remarks };
}
