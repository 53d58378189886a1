/** A page of a list, and the links of UK Open Banking v3.1 that lead to the others (`Links`, `Meta`). */
export interface PageOf<T> {
  shown: T[];
  links: Record<string, string>;
  totalPages: number;
}

/**
 * The page that `page` in the query asks for, the first one if it does not.
 *
 * @param address of the list, without its query
 * @returns undefined for a page that the list does not have
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

/** Pages that so many items fill: an empty list has one, too. */
export function countPages(items: number, pageSize: number): number {
  return Math.max(1, Math.ceil(items / pageSize));
}
