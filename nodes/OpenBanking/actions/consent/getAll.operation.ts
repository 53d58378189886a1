import type { IDataObject } from 'n8n-workflow';
import type { ConsentApi } from '../../../../core/accounts/consents/consentApi';
import type { BankConsent } from '../../../../core/accounts/consents/consentResponse';
import { isOver } from '../../../../core/accounts/consents/consentStatus';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { KeptConsent } from '../../../../core/tokens/consents/keptConsents';
import { greatestOf } from '../../../../core/lib/extremes';
import { counted } from '../../../../core/lib/remarks';
import { isoTime } from '../../../../core/lib/time';
import { openSyncMemory } from '../../../../core/sync/openSyncMemory';
import { LIST, type Reads } from '../../../../core/sync/reads';
import { openConsentTokens } from '../../../../core/tokens/openStores';
import { unexpected } from '../../../nodeError';
import { switchParameter } from '../../../parameters';
import type { ItemInput, ItemOperation } from '../operation';
import { limitParameter } from '../readFields';
import { consentApiOf } from './consentApiOf';
import { bankFields } from './consentItem';

/** Consent → Get Many: one item for each consent whose tokens are stored, without any secret. */
export const getAll: ItemOperation = {
  isForTools: true,
  async execute(input) {
    const { source, client, settings } = input;
    // The list is the same for every input item, so only the first one returns it.
    if (source.itemIndex > 0) return [{ rows: [] }];
    const limit = limitParameter(source);
    const isAsked = switchParameter(source, 'askBank', 'Ask the Bank');
    const api = consentApiOf(input);
    const kept = await openConsentTokens(client, settings).kept();
    const shown = kept
      .toSorted((one, other) => (one.consent < other.consent ? -1 : 1))
      .slice(0, limit);
    const ask = isAsked ? new BankQuestions(api, input) : undefined;
    const { reads } = openSyncMemory(client, settings);
    const rows = await Promise.all(
      shown.map(async (consent) => {
        const [lastRead, atBank] = await Promise.all([
          lastReadOf(reads, consent),
          ask?.about(consent),
        ]);
        return keptItem(consent, lastRead, atBank);
      }),
    );
    return [{ rows }];
  },
};

/** When data of a consent was last read in the last 24 hours: milliseconds since the epoch. */
async function lastReadOf(
  reads: Pick<Reads, 'counted'>,
  { consent, accounts }: KeptConsent,
): Promise<number | undefined> {
  // A column for people: the list must not fail because of it.
  const inADay = await reads.counted(consent, [LIST, ...accounts]).catch(() => undefined);
  const times = [...(inADay?.values() ?? [])].map(({ lastAt }) => lastAt);
  return times.length > 0 ? greatestOf(times) : undefined;
}

/**
 * A stored consent as an item.
 *
 * @param lastRead milliseconds since the epoch. Reads are forgotten after a day: then its last use is the last refresh of its tokens
 * @param atBank as the bank has it, if it was asked and answered
 */
function keptItem(
  kept: KeptConsent,
  lastRead: number | undefined,
  atBank: BankConsent | undefined,
): IDataObject {
  const { consent, consentId, summary, accounts } = kept;
  const fields = {
    consent,
    consent_id: consentId,
    state: atBank && isOver(atBank.status) ? atBank.status : summary.state,
    reason: summary.reason,
    ends_at: summary.needs_consent_at,
    last_used_at: lastRead === undefined ? summary.refreshed_at : isoTime(lastRead),
    refreshed_at: summary.refreshed_at,
    refresh_token_expires_at: summary.refresh_token_expires_at,
    accounts: [...accounts],
    ...(atBank && bankFields(atBank)),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Asks the bank for many consents. After a failure that is not about one consent, it asks no more. */
class BankQuestions {
  #isRefused = false;

  constructor(
    private readonly api: ConsentApi,
    private readonly input: Pick<ItemInput, 'slots' | 'remarks'>,
  ) {}

  /** The consent at the bank; `undefined` if it is not known there, or cannot be asked for. */
  async about({ consent, consentId }: KeptConsent): Promise<BankConsent | undefined> {
    const { slots, remarks } = this.input;
    if (consentId === undefined) {
      remarks.count(withoutId);
      return undefined;
    }
    return slots.use(async () => {
      if (this.#isRefused) return undefined;
      return this.api.get(consentId).catch((error: unknown) => this.#noted(error, consent));
    });
  }

  /** A failure as a warning. @throws an error that is not about the bank's answer */
  #noted(error: unknown, consent: string): undefined {
    if (!(error instanceof OpenBankingError) || error.code === 'cancelled') throw unexpected(error);
    const { remarks } = this.input;
    if (error.code === 'bank-consent-unknown') {
      remarks.add(`The bank does not know the stored consent "${consent}" by its ID any more.`);
      return undefined;
    }
    this.#isRefused = true;
    remarks.add(`The bank could not be asked, so items say only what is stored. ${error.sentence}`);
    return undefined;
  }
}

const withoutId = (count: number) =>
  `In ${counted(count, 'consent')}, the ID at the bank is not known, so the bank was not asked.`;
