import type { ITriggerFunctions } from 'n8n-workflow';
import { ConsentApi } from '../../core/accounts/consents/consentApi';
import {
  attentionOf,
  stillTrue,
  untold,
  withTold,
  type Attention,
  type ConsentFacts,
} from '../../core/sync/attention';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { firstEnd } from '../../core/keys/certificateDates';
import type { KeptConsent } from '../../core/tokens/consents/keptConsents';
import { BankStates, type AskBank } from './bankStates';
import { ExecutedHandOvers } from './executedHandOvers';
import type { TriggerLog } from './log';
import { openBank, type OpenedBank } from './openedBank';
import { reportRefusal } from './refusal';
import type { AttentionSettings } from './settings';
import type { Watch } from './watch';

/** The event Consent Needs Attention. */
export class ConsentAttention implements Watch {
  readonly #handOvers: ExecutedHandOvers;

  readonly #bankStates: BankStates;

  /** When it was first seen that the outcome of a consent's refresh is unknown. */
  readonly #unknownSince = new Map<string, number>();

  /** Whether an execution is open. Its items would come a second time. */
  #isOpen = false;

  constructor(
    private readonly context: ITriggerFunctions,
    private readonly settings: AttentionSettings,
    private readonly log: TriggerLog,
    /** Asks the bank for a consent. A test gives another one. */
    ask: AskBank = (client, consentId, signal) => new ConsentApi(client, { signal }).get(consentId),
  ) {
    this.#bankStates = new BankStates(ask);
    this.#handOvers = new ExecutedHandOvers(context, log, {
      deadline: settings.deadline,
      onSettled: () => {
        this.#isOpen = false;
      },
      onRefused: (reason) => reportRefusal(context, reason),
    });
  }

  async poll(signal: AbortSignal): Promise<void> {
    if (this.#isOpen) return;
    const bank = await openBank(this.context);
    const { all, undecided } = await this.#attention(bank, signal);
    if (signal.aborted) return;
    const { sync } = bank;
    const { subscriber } = this.settings;
    const told = await sync.attention(subscriber);
    const rest = stillTrue(told, all, undecided);
    if (Object.keys(rest).length < Object.keys(told).length) {
      await sync.changeAttention(subscriber, (now) => stillTrue(now, all, undecided));
    }
    const items = untold(told, all);
    if (items.length === 0 || signal.aborted) return;
    this.#isOpen = true;
    this.#handOvers.start({
      items,
      committed: () => sync.changeAttention(subscriber, (now) => withTold(now, items)),
      failed: () => Promise.resolve(),
    });
  }

  async preview(signal: AbortSignal): Promise<readonly object[]> {
    const { all } = await this.#attention(await openBank(this.context), signal);
    return all;
  }

  close(): void {
    // Nothing waits.
  }

  async #attention(
    bank: OpenedBank,
    signal: AbortSignal,
  ): Promise<{ all: Attention[]; undecided: ReadonlySet<string> }> {
    const { client, sync } = bank;
    const stored = await this.#stored(bank);
    const { states, undecided, remarks } = await this.#bankStates.of(client, stored, signal);
    const facts = await Promise.all(
      stored.map(async (kept): Promise<ConsentFacts> => {
        const { consent, consentId, summary, hasFailedRenewal } = kept;
        const state = states.get(consent);
        return {
          ...{ consent, consentId, tokens: summary.state, hasFailedRenewal },
          unknownSince: this.#sinceWhenUnknown(summary),
          atBank: state?.status,
          endsAt: state?.expiresAt ?? summary.needs_consent_at,
          refreshTokenEndsAt: summary.refresh_token_expires_at,
          transactionsTo: state?.transactionsTo,
          noticed: (await sync.consent(consent))?.noticed,
        };
      }),
    );
    this.log.remarks(remarks);
    const end = firstEnd(client.profile);
    const credential = end ? { certificateEndsAt: end.getTime() } : {};
    return { all: attentionOf(facts, credential, this.settings.days), undecided };
  }

  /** The consents that are watched. @throws OpenBankingError those of the store; `consent-unknown` if none of those that the user named is stored */
  async #stored({ tokens }: OpenedBank): Promise<KeptConsent[]> {
    const all = await tokens.kept();
    const { consents: named } = this.settings;
    if (!named) return all;
    const watched = all.filter(({ consent }) => named.includes(consent));
    const missing = named.find((name) => !watched.some(({ consent }) => consent === name));
    if (missing === undefined) return watched;
    const error = new OpenBankingError('consent-unknown', { values: { consent: missing } });
    if (watched.length === 0) throw error;
    this.log.failures([{ consent: missing, error }]);
    return watched;
  }

  #sinceWhenUnknown({ consent, state }: KeptConsent['summary']): number {
    const now = Date.now();
    if (state !== 'outcome unknown') this.#unknownSince.delete(consent);
    else if (!this.#unknownSince.has(consent)) this.#unknownSince.set(consent, now);
    return this.#unknownSince.get(consent) ?? now;
  }
}
