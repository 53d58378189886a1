import type { ApiAnswer } from '../../../core/accounts/apiAnswer';
import type { PageSource } from '../../../core/accounts/pages';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { answerOf, BASE, page } from '../../accounts/pageSource';
import { leftOut } from './reads';
import { dayText, type ModelAccount, type Shown, type World } from './world';

/** A read of an account whose pages are asked for in turn. */
interface Reading {
  readonly from: string;
  readonly slip: ModelAccount['next'];
  readonly rows: Shown[];
}

/** The model bank as the account API of UK Open Banking. Each process of the reader has one. */
export class ModelBank implements PageSource {
  readonly #readings = new Map<number, Reading>();

  constructor(
    private readonly world: World,
    private readonly pageSize: number,
  ) {}

  async get(path: string, query = ''): Promise<ApiAnswer> {
    // Requests of two processes take turns.
    await new Promise((done) => setImmediate(done));
    const { world } = this;
    if (world.isRevoked) throw refusal('consent-not-accepted');
    if (path === '/accounts') return answerOf({ Data: { Account: this.#accounts() } });
    const accountId = decodeURIComponent(path.split('/')[2] ?? '');
    const account = world.accounts.find((one) => one.accountId === accountId && !one.isHidden);
    if (!account) throw refusal('account-unknown');
    return answerOf(this.#transactions(account, path, new URLSearchParams(query)));
  }

  #accounts(): object[] {
    return this.world.accounts
      .filter(({ isHidden }) => !isHidden)
      .map(({ accountId, index, plan }) => ({
        ...{ AccountId: accountId, Currency: 'GBP', AccountType: 'Personal' },
        ...(plan.isIdentified && {
          Account: [{ SchemeName: 'UK.OBIE.IBAN', Identification: `GB00TEST${index}` }],
        }),
      }));
  }

  #transactions(account: ModelAccount, path: string, query: URLSearchParams): object {
    const { world, pageSize } = this;
    const number = Number(query.get('page') ?? 1);
    const reading = number === 1 ? this.#begin(account, query) : this.#readings.get(account.index)!;
    const { from, slip, rows } = reading;
    if (slip?.how === 'refused') throw refusal('api-unavailable');
    if (slip?.how === 'empty') return page([]);
    if (slip?.how === 'no data') return { Data: {}, Links: {}, Meta: {} };
    const all = world.rows(account, from);
    const visible = slip?.how === 'left out' ? leftOut(all, slip) : all;
    const isLast = number * pageSize >= visible.length;
    if (isLast && slip?.how === 'broken') {
      this.#log(account, reading, false);
      throw refusal('api-unavailable');
    }
    const shown = visible.slice((number - 1) * pageSize, number * pageSize);
    rows.push(...shown);
    if (number === 1 && !isLast && (slip?.how === 'shift' || slip?.how === 'skip')) {
      world.disturb(account, slip.how, slip.pick);
    }
    if (isLast) this.#log(account, reading, true);
    query.set('page', String(number + 1));
    return page(shown.map(rawRow), isLast ? undefined : `${BASE}${path}?${String(query)}`);
  }

  #begin(account: ModelAccount, query: URLSearchParams): Reading {
    const from = (query.get('fromBookingDateTime') ?? '').slice(0, 10);
    const reading = { from, slip: this.world.slipOf(account), rows: [] };
    this.#readings.set(account.index, reading);
    return reading;
  }

  #log({ index }: ModelAccount, { rows, from }: Reading, isComplete: boolean): void {
    const { world } = this;
    if (isComplete) world.lastFrom.set(index, from);
    if (rows.length === 0) return;
    const byNumber = new Map(rows.map((row) => [row.number, row]));
    const answer = { account: index, isComplete, from, rows: [...byNumber.values()] };
    world.answers.push({ ...answer, today: dayText(world.today) });
    const isFirst = world.hours === world.begunAt && !world.beginnings.get(index)?.found.size;
    if (!isFirst || !isComplete) return;
    const booked = answer.rows.filter(({ status }) => status === 'booked');
    const found = new Set(booked.map(({ number }) => number));
    world.beginnings.set(index, { day: dayText(world.today), found });
  }
}

function rawRow({ id, day, amount, text, status }: Shown): object {
  return {
    ...(id !== undefined && { TransactionId: id }),
    CreditDebitIndicator: amount.startsWith('-') ? 'Debit' : 'Credit',
    Status: status === 'booked' ? 'Booked' : 'Pending',
    BookingDateTime: `${day}T00:00:00+00:00`,
    Amount: { Amount: Math.abs(Number(amount)).toFixed(2), Currency: 'GBP' },
    TransactionInformation: text,
  };
}

function refusal(code: 'api-unavailable' | 'consent-not-accepted' | 'account-unknown') {
  return new OpenBankingError(code, { message: `The bank said ${code}` });
}
