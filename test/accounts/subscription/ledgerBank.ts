import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import type { ApiAnswer } from '../../../core/accounts/apiAnswer';
import type { PageSource } from '../../../core/accounts/pages';
import { DAY } from '../../support/clock';
import { answerOf, page } from '../pageSource';

/** A row of the bank. */
export type LedgerRow = Record<string, unknown>;

/** The day a number of days before today: `2026-03-02`. */
export function dayBefore(days: number, now = Date.now()): string {
  return new Date(now - days * DAY).toISOString().slice(0, 10);
}

/** A booked row of today, or of a number of days before. */
export function booked(id: string, amount: string, days = 0, changes: LedgerRow = {}): LedgerRow {
  return {
    TransactionId: id,
    CreditDebitIndicator: 'Debit',
    Status: 'Booked',
    BookingDateTime: `${dayBefore(days)}T00:00:00+00:00`,
    Amount: { Amount: amount, Currency: 'GBP' },
    TransactionInformation: `SHOP ${id}`,
    ...changes,
  };
}

/** A pending row. */
export function pending(id: string, amount: string, days = 0, changes: LedgerRow = {}): LedgerRow {
  return booked(id, amount, days, { Status: 'Pending', ...changes });
}

/** The answer to a request; `undefined` if the bank answers as usual. */
export type Behaviour = (
  path: string,
  query: string,
) => object | number | OpenBankingError | undefined;

/** A bank in the process of the test, with accounts whose rows a test changes. */
export class LedgerBank implements PageSource {
  /** The rows of each account, by its ID. */
  readonly accounts = new Map<string, LedgerRow[]>();

  /** Requests so far: path and query. */
  readonly asked: string[] = [];

  behaviour: Behaviour = () => undefined;

  /** Whether the bank leaves rows out that the filter does not ask for. */
  filters = true;

  constructor(accounts: Record<string, LedgerRow[]> = { 'A-1': [] }) {
    for (const [id, rows] of Object.entries(accounts)) this.accounts.set(id, rows);
  }

  /** The rows of an account. */
  rows(id = 'A-1'): LedgerRow[] {
    return this.accounts.get(id)!;
  }

  /** Requests for transactions so far. */
  get reads(): string[] {
    return this.asked.filter((one) => one.includes('/transactions'));
  }

  async get(path: string, query = ''): Promise<ApiAnswer> {
    await Promise.resolve();
    this.asked.push(`${path}?${query}`);
    const given = this.behaviour(path, query) ?? this.#usual(path, query);
    if (given instanceof OpenBankingError) throw given;
    return answerOf(given);
  }

  #usual(path: string, query: string): object {
    if (path === '/accounts') {
      const accounts = [...this.accounts.keys()].map((AccountId) => ({
        ...{ AccountId, Currency: 'GBP' },
        Account: [{ SchemeName: 'UK.OBIE.IBAN', Identification: `GB00${AccountId}` }],
      }));
      return { Data: { Account: accounts } };
    }
    const id = decodeURIComponent(path.split('/')[2]!);
    const from = /fromBookingDateTime=([\d-]+)/.exec(query)?.[1] ?? '';
    const rows = this.accounts.get(id) ?? [];
    return page(
      rows.filter(({ BookingDateTime }) => !this.filters || String(BookingDateTime) >= from),
    );
  }
}

/** A failure of the bank's API. */
export function refusal(
  code:
    | 'period-refused'
    | 'api-unavailable'
    | 'consent-not-accepted'
    | 'reauthentication-needed'
    | 'account-unknown',
  details: { retryAfter?: number } = {},
): OpenBankingError {
  return new OpenBankingError(code, { message: `The bank said ${code}`, ...details });
}
