import { OpenBankingError } from '../../core/errors/OpenBankingError';
import type { ApiAnswer } from '../../core/accounts/apiAnswer';
import type { PageSource } from '../../core/accounts/pages';
import { row } from './simplified/rows';

/** The base address of the account API in these tests. */
export const BASE = 'https://bank.example:8243/open-banking/v3.1/aisp';

export { row };

/** Rows with these IDs. */
export const rows = (...ids: string[]) => ids.map((id) => row({ TransactionId: id }));

/** A page of transactions. */
export const page = (list: unknown, next?: unknown, meta: object = {}) => ({
  Data: { Transaction: list },
  Links: { Self: `${BASE}/self`, ...(next === undefined ? {} : { Next: next }) },
  Meta: meta,
});

/** An answer of the bank: JSON, a body, a status without a body, or a failure. */
export type Given = object | Buffer | string | number | OpenBankingError;

/** A bank that answers by path and query, and its requests. A list of answers is used up one by one; the last one stays. */
export interface GivenPages extends PageSource {
  readonly asked: string[];
}

/** A source of pages by their path and query, for example `/accounts?page=2`. */
export function sourceOf(answers: Record<string, Given | Given[]>): GivenPages {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([key, given]) => [key, [given].flat()]));
  return {
    asked,
    get: (path, query = '') => {
      const target = path + (query && `?${query}`);
      asked.push(target);
      const list = left.get(target);
      if (!list) return Promise.reject(new Error(`No answer is given for ${target}`));
      const given = list.length > 1 ? list.shift()! : list[0]!;
      if (given instanceof OpenBankingError) return Promise.reject(given);
      return Promise.resolve(answerOf(given, BASE + target));
    },
  };
}

/** An answer with status 200, or with the given status and an empty body. */
export function answerOf(given: Exclude<Given, OpenBankingError>, url = BASE): ApiAnswer {
  const status = typeof given === 'number' ? given : 200;
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: bodyOf(given), url, interactionId: 'interaction-1' };
}

function bodyOf(given: Exclude<Given, OpenBankingError>): Buffer {
  if (typeof given === 'number') return Buffer.alloc(0);
  if (Buffer.isBuffer(given)) return given;
  return Buffer.from(typeof given === 'string' ? given : JSON.stringify(given));
}
