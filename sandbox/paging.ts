/** A page of a list, with the links of UK Open Banking v3.1 to other pages (`Links`, `Meta`). */
export interface PageOf<T> {
  shown: T[];
  links: Record<string, string>;
  totalPages: number;
}

/**
 * The page whose number is the query parameter `page`; the first page if there is none.
 *
 * @param address of the list, without its query
 * @returns `undefined` if the list has no such page
 */
export function pageOf<T>(
  items: T[],
  pageSize: number,
  address: string,
  query: URLSearchParams,
): PageOf<T> | undefined {
  const totalPages = countPages(items.length, pageSize);
  const page = Number(query.get('page') ?? 1);
  if (!Number.isInteger(page) || page < 1 || page > totalPages) return undefined;
  const link = (number: number): string => {
    const url = new URL(address);
    url.search = String(query);
    if (number > 1 || query.has('page')) url.searchParams.set('page', String(number));
    return url.href;
  };
  return {
    shown: items.slice((page - 1) * pageSize, page * pageSize),
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

/** The number of pages for a number of items. An empty list has one page. */
export function countPages(items: number, pageSize: number): number {
  return Math.max(1, Math.ceil(items / pageSize));
}
