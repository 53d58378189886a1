import { OpenBankingError } from '../errors/OpenBankingError';
import { displayText } from '../lib/displayText';

/** Where the next page of a resource is. */
export interface NextPage {
  /** The query, as the bank sent it, without `?`. */
  readonly query: string;
  /** The address that the bank's link names in place of the one that was asked; `undefined` if it is the same. */
  readonly elsewhere?: string;
}

/** The address of a page that was asked. */
interface AskedPage {
  /** The whole address. */
  readonly url: string;
  /** Its path below the base address, segments encoded: the resource. */
  readonly path: string;
  /** Values of the request that no message may show. */
  readonly secrets?: readonly string[];
}

/** Maximum length of a link. Servers do not accept longer addresses, and what is done with a link takes time that grows with it. */
const MAXIMUM_LINK = 8 * 1024;

/** Characters that no request has in its query, or that only the sender may put there (RFC 3986 §3.4). */
const UNSENDABLE = /[^\x21\x23-\x3b\x3d\x3f-\x7e]+/gu;

/** A query without such characters, and without a fragment behind it. */
const PLAIN = /^[\x21\x24-\x3b\x3d\x3f-\x7e]*$/;

/** White space in a link, which is no part of it (WHATWG URL, basic URL parser). */
const IGNORED = /[\t\n\r]/g;

/** Code of the last character that is no part of a link at its start and end. */
const SPACE = 0x20;

/**
 * Reads `Links.Next`. The next page is of the resource that was asked, at the address that was asked: of a link that names another host or
 * base path, but ends in the same resource, only the query is used. So nothing is ever sent to another server.
 *
 * The query stays as it came: no escape changes, and no order. Only characters that cannot be sent are escaped.
 *
 * @throws OpenBankingError `next-page-elsewhere` if the link is of another resource, or cannot be read
 */
export function nextPage(link: unknown, asked: AskedPage): NextPage {
  const query = queryAtSameAddress(link, asked.url);
  return query === undefined ? parsedLink(link, asked) : { query };
}

/** The query of a link that begins with the address that was asked, as most links do, and that needs no escapes. */
function queryAtSameAddress(link: unknown, url: string): string | undefined {
  if (typeof link !== 'string' || link.length > MAXIMUM_LINK) return undefined;
  const end = url.indexOf('?');
  const address = end === -1 ? url : url.slice(0, end);
  if (link[address.length] !== '?' || !link.startsWith(address)) return undefined;
  const query = link.slice(address.length + 1);
  return PLAIN.test(query) ? query : undefined;
}

function parsedLink(link: unknown, asked: AskedPage): NextPage {
  const isUsable = typeof link === 'string' && link.length <= MAXIMUM_LINK;
  const text = isUsable ? withoutSpaceAround(link).replace(IGNORED, '') : '';
  const address = text === '' ? undefined : addressOf(text, asked.url);
  if (!address || !endsInResource(address.pathname, asked.path)) {
    throw new OpenBankingError('next-page-elsewhere', {
      values: { asked: withoutQuery(asked.url), given: shownLink(link, asked.secrets) },
    });
  }
  const query = queryOf(text);
  const isSame = samePlace(address, new URL(asked.url));
  return isSame ? { query } : { query, elsewhere: baseOf(text, asked.secrets) };
}

/** A text without white space and control characters around it. A pattern for its end would take quadratic time. */
function withoutSpaceAround(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= SPACE) start++;
  while (end > start && text.charCodeAt(end - 1) <= SPACE) end--;
  return text.slice(start, end);
}

function addressOf(text: string, base: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Whether a path is that of a resource below any base path. A link may escape it once more than the request, or not at all. */
function endsInResource(path: string, resource: string): boolean {
  const wanted = decodedOnce(resource);
  const once = decodedOnce(withoutLastSlash(path));
  return once.endsWith(wanted) || decodedOnce(once).endsWith(wanted);
}

function samePlace(address: URL, asked: URL): boolean {
  return (
    address.origin === asked.origin &&
    decodedOnce(withoutLastSlash(address.pathname)) ===
      decodedOnce(withoutLastSlash(asked.pathname))
  );
}

/** A path without its escapes. Those that stand for no character stay. */
function decodedOnce(path: string): string {
  return path.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

function withoutLastSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The query of a link: between the first `?` and `#`. */
function queryOf(link: string): string {
  const [beforeFragment = ''] = link.split('#', 1);
  const start = beforeFragment.indexOf('?');
  const query = start === -1 ? '' : beforeFragment.slice(start + 1);
  return query.replace(UNSENDABLE, (characters) =>
    // Half a character cannot be encoded.
    encodeURIComponent(characters.replace(/\p{Surrogate}/gu, '\ufffd')),
  );
}

/** The part of a link before the resource, for a warning: the same for all accounts. */
function baseOf(link: string, secrets: readonly string[] = []): string {
  const [path = ''] = link.split(/[?#]/, 1);
  const end = path.lastIndexOf('accounts');
  return displayText(path.slice(0, Math.max(end, 0)), secrets).replace(/(.)\/$/, '$1') || '/';
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0]!;
}

function shownLink(link: unknown, secrets: readonly string[] = []): string {
  if (typeof link !== 'string') return 'a value that is no text';
  return displayText(link, secrets) || '""';
}
