import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { visible } from '../core/lib/visible';
import { clientOf } from '../core/oauth/client';
import type { BankSettings } from '../core/profile/settings';
import type { ConsentSummary } from '../core/tokens/consents/consentList';
import { openConsentTokens } from '../core/tokens/openStores';
import type { ConsentSettings } from '../core/tokens/settings';
import { toNodeError } from './nodeError';

/** Consents in one page; the editor asks for the next page when a person scrolls down. */
const PAGE = 100;

/**
 * The stored consents of the credential's client, for "From List" of the field "Consent".
 *
 * @param filter text that a person typed; found in names and states, case-insensitively
 * @param position index of the first consent of the page, as text
 * @throws NodeError if the credential cannot be used or the store cannot be opened
 */
export async function searchConsents(
  context: ILoadOptionsFunctions,
  filter = '',
  position = '0',
): Promise<INodeListSearchResult> {
  try {
    const wanted = filter.trim().toLowerCase();
    const consents = (await storedConsents(context))
      .map((consent) => ({ name: visible(labelOf(consent)), value: consent.consent }))
      .filter(({ name }) => name.toLowerCase().includes(wanted));
    const end = Number(position) + PAGE;
    return {
      results: consents.slice(Number(position), end),
      ...(end < consents.length && { paginationToken: String(end) }),
    };
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0);
  }
}

async function storedConsents(context: ILoadOptionsFunctions): Promise<ConsentSummary[]> {
  const settings = await context.getCredentials<BankSettings & ConsentSettings>('openBankingApi');
  const stored = openConsentTokens(await clientOf(settings), settings);
  return stored.list();
}

/**
 * The name of a consent. Its state comes first if a person has to act. The expiry of the access token is not shown: it is not the expiry of
 * the consent.
 */
function labelOf({ consent, state }: ConsentSummary): string {
  switch (state) {
    case 'valid':
    case 'expiring':
      return consent;
    case 'outcome unknown':
    case 'refused':
    case 'check failed':
      return `(${state}) ${consent}`;
    case 'needs consent':
      return `(needs the customer again) ${consent}`;
  }
}
