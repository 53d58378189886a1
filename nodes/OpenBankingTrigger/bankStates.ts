import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Slots } from '../../core/lib/slots';
import { HOUR } from '../../core/lib/time';
import type { BankClient } from '../../core/oauth/client';

/** A consent as the bank has it. */
export interface BankState {
  readonly status: string;
  readonly expiresAt?: string;
  readonly transactionsTo?: string;
}

/** Asks the bank for a consent. @throws OpenBankingError */
export type AskBank = (
  client: BankClient,
  consentId: string,
  signal: AbortSignal,
) => Promise<BankState>;

/** The states of consents at the bank. */
export interface KnownStates {
  readonly states: ReadonlyMap<string, BankState>;
  /** Consents that the bank could not be asked about. */
  readonly undecided: ReadonlySet<string>;
  readonly remarks: readonly string[];
}

/** A stored consent whose state is wanted. */
interface StoredConsent {
  readonly consent: string;
  readonly consentId?: string;
}

/** How long an answer counts, in milliseconds. It is no read of account data, but a bank need not be asked more often. */
const LIFETIME = 20 * HOUR;

/** How many are asked at the same time. */
const AT_ONCE = 5;

/** After so many failures in a row the bank is not asked again in this poll: it may have no consents that can be asked for. */
const ENOUGH = 3;

/** The states of consents at the bank. The bank is asked once a day for each; consents whose bank ID is not known cannot be asked for. */
export class BankStates {
  readonly #known = new Map<string, { readonly at: number; readonly state: BankState }>();

  constructor(private readonly ask: AskBank) {}

  async of(
    client: BankClient,
    stored: readonly StoredConsent[],
    signal: AbortSignal,
    now = Date.now(),
  ): Promise<KnownStates> {
    const slots = new Slots(AT_ONCE);
    const states = new Map<string, BankState>();
    const undecided = new Set<string>();
    const failures: OpenBankingError[] = [];
    let inARow = 0;
    const read = async (consent: string, consentId: string): Promise<void> => {
      const known = this.#known.get(consentId);
      if (known) states.set(consent, known.state);
      if (known && now - known.at < LIFETIME) return;
      if (inARow >= ENOUGH || signal.aborted) {
        undecided.add(consent);
        return;
      }
      try {
        const state = await this.ask(client, consentId, signal);
        inARow = 0;
        this.#known.set(consentId, { at: now, state });
        states.set(consent, state);
      } catch (error) {
        undecided.add(consent);
        if (signal.aborted) return;
        const failure = error as OpenBankingError;
        // This is about one consent alone.
        if (failure.code !== 'bank-consent-unknown') inARow++;
        failures.push(failure);
      }
    };
    const { consentCreation } = client.profile.rules;
    const askable = consentCreation === 'none' ? [] : stored;
    await Promise.all(
      askable.flatMap(({ consent, consentId: id }) =>
        id === undefined ? [] : slots.use(() => read(consent, id)),
      ),
    );
    const wanted = new Set(stored.map(({ consentId }) => consentId));
    for (const id of this.#known.keys()) if (!wanted.has(id)) this.#known.delete(id);
    return { states, undecided, remarks: remarksOf(failures, undecided.size) };
  }
}

function remarksOf([first]: readonly OpenBankingError[], count: number): string[] {
  if (!first) return [];
  const consents = count === 1 ? 'a consent' : `${count} consents`;
  return [
    `The bank could not be asked for the state of ${consents}, so that their end may not be known: ${first.message} (${first.code})`,
  ];
}
