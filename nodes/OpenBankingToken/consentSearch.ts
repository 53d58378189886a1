import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import type { ConsentSummary } from '../../core/tokens/consents/consentList';
import type { KeepingSettings } from '../../core/tokens/settings';
import { toNodeError } from './nodeError';

/** Consents that the editor gets at once; it asks for more when a person scrolls down. */
const PAGE = 100;

/**
 * The stored consents of the credential's client, for "From List" of the field "Consent".
 *
 * @param filter what a person typed, compared with names and states in any case of letters
 * @param position where the page begins
 * @throws NodeError if the credential cannot be used or the store cannot be opened
 */
export async function searchConsents(
  this: ILoadOptionsFunctions,
  filter = '',
  position = '0',
): Promise<INodeListSearchResult> {
  try {
    const wanted = filter.trim().toLowerCase();
    const consents = (await storedConsents(this))
      .map((consent) => ({ name: labelOf(consent), value: consent.consent }))
      .filter(({ name }) => name.toLowerCase().includes(wanted));
    const end = Number(position) + PAGE;
    return {
      results: consents.slice(Number(position), end),
      ...(end < consents.length && { paginationToken: String(end) }),
    };
  } catch (error) {
    throw toNodeError(this.getNode(), error, 0);
  }
}

async function storedConsents(context: ILoadOptionsFunctions): Promise<ConsentSummary[]> {
  const { profileOf } = await import('../../core/profile/profile');
  const { consentTokensOf } = await import('../../core/tokens/consentTokensOf');
  const settings = await context.getCredentials<BankSettings & KeepingSettings>('openBankingApi');
  const stored = await consentTokensOf(await profileOf(settings), settings);
  return stored.list();
}

function labelOf({ consent, state, expires_at: expiresAt }: ConsentSummary): string {
  switch (state) {
    case 'valid':
      return `${consent} — valid${expiresAt ? ` until ${minuteOf(expiresAt)}` : ''}`;
    case 'expiring':
      return `${consent} — refreshed at the next use`;
    case 'outcome unknown':
    case 'needs consent':
      return `${consent} — ${state}`;
  }
}

/** @param time ISO 8601 in UTC */
function minuteOf(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
