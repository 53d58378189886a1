import type { Rows } from './ledgers';

/** A page of a list, with the links of UK Open Banking to other pages (`Links`, `Meta`). */
export interface PageOf<T> {
  shown: T[];
  links: Record<string, string>;
  totalPages: number;
}

/** How many entries are on a page. The sizes of pages go from `least` to `most`, and start again. */
export class PageSizes {
  /** Entries before each page of a round; the last element is the length of the round. */
  private readonly starts: number[];

  constructor(least: number, most = least) {
    this.starts = [0];
    // The largest and the smallest in turn, so that neighbours differ.
    for (let low = least, high = most; low <= high; low += 1, high -= 1) {
      this.add(high);
      if (low < high) this.add(low);
    }
  }

  /** Number of entries before a page; pages count from 1. */
  startOf(page: number): number {
    const pages = this.starts.length - 1;
    const round = Math.floor((page - 1) / pages);
    return round * this.starts.at(-1)! + this.starts[(page - 1) % pages]!;
  }

  /** Number of pages for a number of entries. An empty list has one page. */
  count(entries: number): number {
    const length = this.starts.at(-1)!;
    const round = Math.floor(Math.max(0, entries - 1) / length);
    const rest = Math.max(1, entries - round * length);
    return round * (this.starts.length - 1) + this.starts.findIndex((start) => start >= rest);
  }

  private add(size: number): void {
    this.starts.push(this.starts.at(-1)! + size);
  }
}

/**
 * The page whose number is the query parameter `page`; the first page if there is none.
 *
 * @param address of the list, without its query
 * @returns `undefined` if the list has no such page
 */
export function pageOf<T>(
  items: Rows<T>,
  sizes: PageSizes,
  address: string,
  query: URLSearchParams,
): PageOf<T> | undefined {
  const totalPages = sizes.count(items.length);
  const page = Number(query.get('page') ?? 1);
  if (!Number.isInteger(page) || page < 1 || page > totalPages) return undefined;
  const link = (number: number): string => {
    const url = new URL(address);
    url.search = String(query);
    if (number > 1 || query.has('page')) url.searchParams.set('page', String(number));
    return url.href;
  };
  return {
    shown: items.slice(sizes.startOf(page), sizes.startOf(page + 1)),
    links: {
      Self: link(page),
      First: link(1),
      ...(page > 1 ? { Prev: link(page - 1) } : {}),
      ...(page < totalPages ? { Next: link(page + 1) } : {}),
      Last: link(totalPages),
    },
    totalPages,
  };
}
