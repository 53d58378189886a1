import { OpenBankingError } from '../errors/OpenBankingError';
import { Cancellation } from '../lib/cancellation';
import { digest } from '../lib/digest';
import { counted, type Remarks } from '../lib/remarks';
import type { ApiAnswer } from './apiAnswer';
import { withInteraction, withInteractionOf } from './apiError';
import { ListSize } from './listSize';
import { nextPage } from './nextPage';
import { readPage, type AskedList } from './page';
import { RepeatedRows } from './repeatedRows';
import type { RawRow } from './simplified/rawRow';

/** Sends a request for a page. */
export interface PageSource {
  /**
   * @param query raw, without `?`
   * @param ending ends the request, because nobody waits for its answer any more
   */
  get(path: string, query?: string, ending?: Cancellation): Promise<ApiAnswer>;
}

/** The list that is read. */
export interface AskedPages extends AskedList {
  /** The query of its first page: raw, without `?`. */
  readonly query?: string;
  /** Whether all pages are wanted, so that each is asked for before the rows of the page before it are used. */
  readonly areAllWanted?: boolean;
  /** Is called for rows without an ID that came on an earlier page in the same form, see `RepeatedRows`. */
  readonly onEqual?: ((row: RawRow) => void) | undefined;
}

/** A page of a list. */
export interface Page {
  /** At least one, without those that came on an earlier page. */
  readonly rows: readonly RawRow[];
  /** The `x-fapi-interaction-id` of its request. */
  readonly interactionId: string;
}

/** Empty pages in a row after which a list has no end. A bank with a page for each day has fewer in ten years. */
const MAXIMUM_EMPTY = 5000;

/** Characters of a query that is held as a digest. */
const LONG_QUERY = 100;

/** Pages in a row without a new row after which a list has no end. */
const MAXIMUM_REPEATED = 10;

/** Statuses with which banks refuse a cursor that has expired. */
const EXPIRED = new Set([400, 404, 410, 422]);

/** Refusals with such a status for another reason. A second attempt would be refused, too. */
const OTHER_REASONS = new Set<string>([
  'consent-not-accepted',
  'reauthentication-needed',
  'permission-missing',
  'scope-missing',
  'token-not-accepted',
  'application-token-refused',
]);

/**
 * The pages of a list, in turn. Links to next pages are followed at the address that was asked, see `nextPage`. Rows that came on two pages
 * come once. If a cursor of the bank expires, the list is read once more from its first page. Nothing is held but the rows, for comparison. A list without an
 * end is given up, see `ListSize`.
 *
 * @throws OpenBankingError of the request, `data-missing`, `next-page-elsewhere`, `pages-endless`, `page-expired`. The pages that came
 * before it stay good.
 */
export async function* pagesOf(
  source: PageSource,
  asked: AskedPages,
  remarks: Remarks,
): AsyncGenerator<Page> {
  const repeated = new RepeatedRows(asked.member, remarks, asked.onEqual);
  const size = new ListSize(asked.path);
  const first = new Walk(source, asked, remarks, repeated, size);
  try {
    yield* first.pages();
    return;
  } catch (error) {
    if (!first.isExpiry(error)) throw error;
  }
  remarks.count(restarts);
  repeated.expectAgain();
  const second = new Walk(source, asked, remarks, repeated, size, first.count);
  try {
    yield* second.pages();
  } catch (error) {
    if (!second.isExpiry(error)) throw error;
    throw second.expired(error);
  }
}

/** A page, and the query of the next one: `undefined` if there is none, or the reason why it cannot be asked. */
interface WalkedPage extends Page {
  readonly next: string | OpenBankingError | undefined;
}

/** One walk through the pages of a list. */
class Walk {
  /** Number of pages that came. */
  count = 0;

  /** When the last page came: milliseconds of `performance`, which does not jump as the clock does. */
  #cameAt = 0;

  /** The queries of the pages that came, see {@link shortened}. */
  readonly #asked = new Set<string>();

  /** Whether there is a warning that links name another address. One is enough, also if there are many addresses. */
  #isOtherNoted = false;

  /** Pages in a row without rows, and without new rows. */
  #empty = 0;

  #stale = 0;

  /** The next page, if it was asked for before this one was handed out. */
  #early?: { readonly query: string; readonly answer: Promise<ApiAnswer> };

  readonly #end = new AbortController();

  readonly #ending = new Cancellation(this.#end.signal);

  constructor(
    readonly source: PageSource,
    readonly list: AskedPages,
    readonly remarks: Remarks,
    readonly repeated: RepeatedRows,
    readonly size: ListSize,
    /** Number of pages that came in an earlier walk. */
    readonly known = 0,
  ) {}

  async *pages(): AsyncGenerator<Page> {
    let query: string | undefined = this.list.query ?? '';
    try {
      while (query !== undefined) {
        const { rows, interactionId, next }: WalkedPage = await this.#read(query);
        if (rows.length > 0) yield { rows, interactionId };
        if (next instanceof OpenBankingError) throw next;
        query = next;
      }
    } finally {
      // A page that was asked for early is not waited for any more.
      this.#end.abort();
    }
  }

  /** Reads a page. The body of its answer is not held any longer. */
  async #read(query: string): Promise<WalkedPage> {
    const early = this.#early;
    this.#early = undefined;
    const answer = await (early?.query === query ? early.answer : this.#ask(query));
    this.#cameAt = performance.now();
    this.count++;
    try {
      return { ...this.#walked(answer, query), interactionId: answer.interactionId };
    } catch (error) {
      throw named(error, answer);
    }
  }

  #ask(query: string): Promise<ApiAnswer> {
    return this.source.get(this.list.path, query || undefined, this.#ending);
  }

  /** Asks for the next page now, so that the bank works while the rows of this one are compared and used. */
  #askEarly(query: string): void {
    const answer = this.#ask(query);
    // Its failure belongs to the page that comes next.
    answer.catch(() => undefined);
    this.#early = { query, answer };
  }

  #walked(answer: ApiAnswer, query: string): Omit<WalkedPage, 'interactionId'> {
    const name = shortened(query);
    const wasAsked = this.#asked.has(name);
    this.#asked.add(name);
    if (wasAsked) this.repeated.expectAgain();
    // Behind other pages, it is how some banks end a list.
    if (answer.status === 204 && this.count === 1) this.remarks.count(noContent);
    const { rows: all, next, totalPages } = readPage(answer, this.list, this.remarks);
    this.size.add(all.length, answer.body.length);
    const nextQuery = this.#queryOf(next, answer);
    const isNew = typeof nextQuery === 'string' && !this.#asked.has(shortened(nextQuery));
    if (isNew && this.list.areAllWanted) this.#askEarly(nextQuery);
    const { rows, isStale } = this.repeated.without(all);
    try {
      this.#countStale(all.length === 0, isStale);
      if (nextQuery === undefined) this.#compareTotal(totalPages);
      // Some banks give each page under the same link, so a link that was asked before ends the list only if it brings no new row.
      else if (typeof nextQuery === 'string' && wasAsked && isStale) {
        return { rows, next: this.#endOfLoop(query, nextQuery) };
      }
      return { rows, next: nextQuery };
    } catch (error) {
      // The rows of this page are good.
      return { rows, next: named(error, answer) };
    }
  }

  /** Whether a failure is the refusal of a cursor that has expired. */
  isExpiry(error: unknown): error is OpenBankingError {
    return (
      error instanceof OpenBankingError &&
      this.count > 0 &&
      EXPIRED.has(error.status ?? 0) &&
      !OTHER_REASONS.has(error.code)
    );
  }

  /** The failure of a list whose cursor expired twice. */
  expired(error: OpenBankingError): OpenBankingError {
    const seconds = ((performance.now() - this.#cameAt) / 1000).toFixed(1);
    const values = { page: this.count + 1, asked: this.list.path, seconds, answer: error.message };
    const expired = new OpenBankingError('page-expired', { values, status: error.status });
    return withInteractionOf(expired, error);
  }

  /** The query of the next page; `undefined` if there is none; or the reason why it cannot be asked. */
  #queryOf(next: unknown, answer: ApiAnswer): string | OpenBankingError | undefined {
    if (next === undefined) return undefined;
    const text = typeof next === 'string' ? next.trim() : undefined;
    if (text === '') return undefined;
    if (text === 'null' || text === 'undefined') {
      this.remarks.add(NULL_TEXT);
      return undefined;
    }
    const { url, secrets } = answer;
    try {
      if (this.size.isReached) throw this.size.endless();
      const { query, elsewhere } = nextPage(next, { url, path: this.list.path, secrets });
      if (elsewhere !== undefined && !this.#isOtherNoted) this.remarks.add(otherAddress(elsewhere));
      this.#isOtherNoted ||= elsewhere !== undefined;
      return query;
    } catch (error) {
      return named(error, answer);
    }
  }

  #countStale(isEmpty: boolean, isStale: boolean): void {
    this.#empty = isEmpty ? this.#empty + 1 : 0;
    this.#stale = isStale && !isEmpty && this.count > this.known ? this.#stale + 1 : 0;
    if (this.#empty < MAXIMUM_EMPTY && this.#stale < MAXIMUM_REPEATED) return;
    throw this.size.endless();
  }

  #compareTotal(totalPages = 0): void {
    if (totalPages <= this.count) return;
    this.remarks.add(missingPages(totalPages, this.count));
    this.list.onGap?.();
  }

  /** Ends a list whose pages repeat. @throws OpenBankingError `pages-endless` unless only the last page does */
  #endOfLoop(query: string, next: string): undefined {
    if (next !== query) {
      const page = [...this.#asked].indexOf(shortened(query)) + 1;
      const values = { asked: this.list.path, page };
      throw new OpenBankingError('pages-endless', { problem: 'repeated', values });
    }
    this.remarks.add(REPEATED_LAST);
  }
}

/** A query, or a digest of a long one: all queries of a list are held. */
function shortened(query: string): string {
  return query.length > LONG_QUERY ? digest(query) : query;
}

/** A failure of a page, with the interaction ID of its answer. Other errors are thrown. */
function named(error: unknown, { interactionId }: ApiAnswer): OpenBankingError {
  if (!(error instanceof OpenBankingError)) throw error;
  return withInteraction(error, interactionId);
}

const noContent = (count: number) =>
  `In ${counted(count, 'list')}, the bank answered with status 204, which has no content. It is read as no rows.`;

const NULL_TEXT =
  'The bank\'s link to the next page is the text "null". It is taken for the end of the list.';

const REPEATED_LAST = "The bank's last page names itself as the next page. Its rows come once.";

const otherAddress = (address: string) =>
  `The bank's links to next pages name another address (${address}). The pages are read at the Account API URL of the credential.`;

const missingPages = (announced: number, given: number) =>
  `The bank announced ${announced} pages, and gave ${given}. Rows may be missing.`;

const restarts = (count: number) =>
  `In ${counted(count, 'list')}, the bank refused a link to a next page, so the list was read again from its first page.`;
