import { createClient, type BankClient } from '../../core/oauth/client';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import type { TokenStore } from '../../core/store/store';
import { ConsentTokens } from '../../core/tokens/consents/consentTokens';
import { encryptionKeys } from '../../core/tokens/records/encryptionKeys';
import { FaultyBank } from './faultyBank';
import type { Fault } from './faults/fault';

/** The grant of a request: a code, the application's own token, or a refresh at a bank that keeps or replaces refresh tokens. */
export type GrantKind = 'code' | 'application' | 'refresh' | 'rotating refresh';

/** The wrong things that a cell counts, each of which must not happen. */
export interface Counts {
  codesSentTwice: number;
  sentWhileUnderWay: number;
  sentAfterRefusal: number;
  stuck: number;
  lost: number;
}

/** The names of {@link Counts}. */
export const countNames: readonly (keyof Counts)[] = [
  'codesSentTwice',
  'sentWhileUnderWay',
  'sentAfterRefusal',
  'stuck',
  'lost',
];

/** Seconds by which the clock is ahead when tokens are asked for again: one after another. */
export const LATER = [0, 6, 301, 3_700, 7_400] as const;

/**
 * Seconds by which the clock is ahead at last, when all tokens have expired and the refresh token is needed once more; and an hour later,
 * when a first refusal is followed by the second one.
 */
export const LAST = [12_000, 15_700] as const;

/** Milliseconds by which clocks are read at different moments. */
const TOLERANCE = 200;

const HOUR = 3_600;

/** Seconds of {@link LATER} until which a token has to come again. */
const WITHIN: Record<Fault['ends'], number> = {
  tokens: 0,
  'not-sent': 0,
  credential: 0,
  unknown: 6,
  limited: 6,
  refused: 3_700,
  unreadable: 3_700,
};

/** The result of one request for a token. */
type Outcome = { accessToken: string } | { code: string };

/** One fault with one kind of grant, from before the fault until long after it. */
export class Cell {
  bank: FaultyBank;
  /** The results while the fault was there, and each time after it. */
  readonly outcomes: Outcome[][] = [];
  /** Seconds of {@link LATER} after which a token came again; `undefined` if none did. */
  recovered?: number;
  #lastOutcome?: Outcome;
  #ask!: () => Promise<string>[];

  /** @param carriesOut whether the bank carries out what it does not answer */
  constructor(
    readonly fault: Fault,
    readonly kind: GrantKind,
    readonly carriesOut: boolean,
  ) {
    this.bank = this.#newBank();
  }

  #newBank(): FaultyBank {
    const { fault, kind, carriesOut } = this;
    return new FaultyBank(fault, { rotates: kind === 'rotating refresh', carriesOut });
  }

  get title(): string {
    const { kind, carriesOut } = this;
    return `${kind}${kind === 'rotating refresh' && carriesOut ? ', carried out' : ''}`;
  }

  /** Opens the bank, and begins a stored consent while it is well. @param stores the same file, as two processes open it */
  async begin(stores: readonly TokenStore[]): Promise<void> {
    for (let tries = 2; ; tries--) {
      await this.bank.open();
      try {
        return await this.#begin(stores);
      } catch (error) {
        // The machine is so busy that even a bank that is well did not answer in time.
        if (tries === 0) throw error;
        await this.bank.close();
        this.bank = this.#newBank();
      }
    }
  }

  async #begin(stores: readonly TokenStore[]): Promise<void> {
    const clients = await Promise.all(stores.map(() => createClient(this.bank.settings)));
    const [client] = clients as [BankClient];
    switch (this.kind) {
      case 'code':
        this.#ask = () => [0, 1, 2].map(() => exchange(client));
        return;
      case 'application':
        this.#ask = () => [applicationToken(client)];
        return;
      default: {
        const consents = clients.map(
          (own, index) =>
            new ConsentTokens(own, stores[index]!, encryptionKeys(undefined, own.profile)),
        );
        await consents[0]!.valid('c', { firstRefreshToken: 'rt-0' });
        this.#ask = () => [...consents, consents[0]!].map(valid);
      }
    }
  }

  /** Asks while the fault is there, and once more as soon as the bank is well. */
  async meetFault(): Promise<void> {
    this.bank.seen.length = 0;
    await this.bank.fallIll();
    await this.#askAll();
    if (!this.fault.lasts) this.bank.recover();
    await this.askAgain(0);
  }

  /** Asks again. @param ahead seconds since the fault, see {@link LATER} */
  async askAgain(ahead: number): Promise<void> {
    // A code lives for ten minutes at most.
    if (this.kind === 'code' && ahead > 600) return;
    const outcomes = await this.#askAll();
    if (outcomes.some((outcome) => 'accessToken' in outcome)) this.recovered ??= ahead;
  }

  /** Asks when the bank is well in any case, and everything has expired. */
  async askAtLast(): Promise<void> {
    this.bank.recover();
    if (this.kind === 'code') return;
    [this.#lastOutcome] = await this.#askAll();
  }

  async #askAll(): Promise<Outcome[]> {
    const outcomes = await Promise.all(
      this.#ask().map((asked) =>
        asked.then(
          (accessToken): Outcome => ({ accessToken }),
          (error: unknown): Outcome => ({
            code: error instanceof OpenBankingError ? error.code : String(error),
          }),
        ),
      ),
    );
    this.outcomes.push(outcomes);
    return outcomes;
  }

  /** Counts what must not happen. */
  count(): Counts {
    return {
      codesSentTwice: this.#mayRepeatCode ? 0 : this.#repeated(isCode).length,
      sentWhileUnderWay: this.#repeated(isRefresh).filter(
        ([again, first]) => again.at < first.over - TOLERANCE,
      ).length,
      sentAfterRefusal:
        this.#repeated(isRefresh).filter(([again, first]) => this.#isTooEarly(again.at - first.at))
          .length + this.#sentAfterTheSecondRefusal,
      stuck: this.#isStuck() ? 1 : 0,
      lost: this.#isLost() ? 1 : 0,
    };
  }

  /** Pairs of requests with the same grant, the earlier one of which met the fault. */
  #repeated(isMeant: (grant: FaultyBank['seen'][number]) => boolean) {
    const { seen } = this.bank;
    return seen.flatMap((again, index) =>
      seen
        .slice(0, index)
        .filter((first) => first.metFault && isMeant(first) && first.value === again.value)
        .map((first) => [again, first] as const),
    );
  }

  /** After 429 nothing was processed. */
  get #mayRepeatCode(): boolean {
    return this.fault.ends === 'limited';
  }

  #isTooEarly(after: number): boolean {
    const { ends, waits = 0 } = this.fault;
    const isRefused = ends === 'refused' || ends === 'unreadable';
    return after < (isRefused ? HOUR : waits) * 1000 - TOLERANCE;
  }

  /** The second refusal of a refresh token closes the consent. */
  get #sentAfterTheSecondRefusal(): number {
    const { fault, bank } = this;
    if (fault.ends !== 'refused' || !fault.lasts) return 0;
    return Math.max(0, bank.seen.filter(isRefresh).length - 2);
  }

  #isStuck(): boolean {
    const { kind, fault } = this;
    if (kind === 'code') {
      if (fault.lasts) return false;
      return (fault.ends === 'tokens' || fault.ends === 'not-sent') && this.recovered === undefined;
    }
    const isClosed = fault.lasts && fault.ends === 'refused' && kind !== 'application';
    if (this.bank.isSpent || isClosed) return !this.#isCustomerNamed;
    const isWellAtLast = this.#lastOutcome !== undefined && 'accessToken' in this.#lastOutcome;
    if (fault.lasts) return !isWellAtLast;
    const { waits = 0, ends } = fault;
    const within =
      kind === 'application'
        ? 6
        : Math.max(
            WITHIN[ends],
            LATER.find((at) => at >= waits)!,
          );
    if (this.recovered === undefined || this.recovered > within) return true;
    return !isWellAtLast;
  }

  get #isCustomerNamed(): boolean {
    return (
      this.#lastOutcome !== undefined &&
      'code' in this.#lastOutcome &&
      this.#lastOutcome.code === 'consent-ended'
    );
  }

  #isLost(): boolean {
    if (this.fault.ends !== 'tokens') return false;
    const [during = []] = this.outcomes;
    // If a replaced refresh token is sent again, the one that replaced it was lost.
    const isSentAgain = this.kind === 'rotating refresh' && this.#repeated(isRefresh).length > 0;
    return isSentAgain || during.some((outcome) => !('accessToken' in outcome));
  }
}

const isCode = ({ type }: { type: string }) => type === 'authorization_code';

const isRefresh = ({ type }: { type: string }) => type === 'refresh_token';

const CODE = 'code-1';

async function exchange(client: BankClient): Promise<string> {
  return accessTokenOf(await client.exchange({ code: CODE }));
}

async function applicationToken(client: BankClient): Promise<string> {
  return accessTokenOf(await client.applicationToken());
}

async function valid(consents: ConsentTokens): Promise<string> {
  return accessTokenOf(await consents.valid('c'));
}

/** The access token of tokens that may be used. @throws the failed check */
function accessTokenOf({
  tokens,
  failedCheck,
}: {
  tokens: { access_token?: unknown; authorization?: string };
  failedCheck?: OpenBankingError;
}): string {
  if (failedCheck) throw failedCheck;
  if (!tokens.authorization) throw new Error('without authorization');
  return tokens.access_token as string;
}
