import type { PageAnswer } from './page';
import type { PageSource } from './pages';

/** Bytes at the end of a page in which its link to the next page is looked for: banks send `Links` and `Meta` after `Data`. */
const LOOKED_AT = 2048;

/** The last link to a next page in a text. A link with escapes is left to whoever reads the page. */
const NEXT = /"Next"\s*:\s*"([^"\\]+)"(?![^]*"Next")/;

/** A page that was asked for before somebody wanted it. */
interface EarlyPage {
  readonly path: string;
  readonly query: string;
  readonly answer: Promise<PageAnswer>;
}

/**
 * Asks for the next page of a list as soon as a page has come, so that the bank works while this process reads the page. One request is in
 * flight at a time.
 *
 * The link is only looked for, and not understood: if the caller then wants another page, the early one is dropped. It is for callers that
 * read all pages in turn.
 */
export class EarlyPages implements PageSource {
  #early?: EarlyPage;

  constructor(private readonly source: PageSource) {}

  async get(path: string, query = ''): Promise<PageAnswer> {
    const early = this.#early;
    this.#early = undefined;
    const isIt = early?.path === path && early.query === query;
    const answer = await (isIt ? early.answer : this.source.get(path, query || undefined));
    const next = nextQueryOf(answer);
    if (next !== undefined && next !== query) {
      const request = this.source.get(path, next);
      // Its failure belongs to the caller that wants the page, if there is one.
      request.catch(() => undefined);
      this.#early = { path, query: next, answer: request };
    }
    return answer;
  }
}

/** The query of the next page, if its link leads to the same address as the page. */
function nextQueryOf({ body, url }: PageAnswer): string | undefined {
  const end = body.toString('latin1', Math.max(0, body.length - LOOKED_AT));
  const [, link = ''] = NEXT.exec(end) ?? [];
  const [address] = url.split('?', 1);
  // Characters that are sent as they are. Others change the query, see `nextPage`.
  const isSame = link.startsWith(`${address}?`) && /^[!$-;=?-~]+$/.test(link);
  return isSame ? link.slice(address!.length + 1) : undefined;
}
