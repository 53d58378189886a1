import { OpenBankingError } from '../errors/OpenBankingError';
import { fieldLabels } from './fieldLabels';

/** Headers by name. The values may be secrets. */
export type ExtraHeaders = Readonly<Record<string, string>>;

/** Maximum number of characters of the field. Servers accept about as much for all headers of a request. */
export const EXTRA_HEADERS_MAXIMUM = 8000;

/** Names that Node.js or this package sets for each request, and names that belong to a connection (RFC 9110 §7.6.1). */
const RESERVED = new Set([
  ...['host', 'content-length', 'content-type', 'content-encoding', 'transfer-encoding', 'te'],
  ...['trailer', 'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'upgrade'],
  ...['expect', 'accept', 'accept-encoding', 'cache-control'],
]);

/**
 * Names that requests to the account API have from elsewhere: the token, the ID of the request, and values with fields of their own. A header
 * about a customer who is present does not belong to all customers.
 */
const RESERVED_AT_ACCOUNT_API = new Set([
  ...['authorization', 'x-fapi-interaction-id', 'x-fapi-financial-id'],
  ...['x-fapi-customer-ip-address', 'x-fapi-auth-date'],
]);

/** A field for headers. */
interface HeaderField {
  /** Its label, for messages. */
  readonly field: string;
  /** Whether a name, in lower case, must not be in it. */
  readonly isReserved: (name: string) => boolean;
}

/** A name (RFC 9110 §5.6.2) and a colon. */
const NAME = /^([!#$%&'*+.^`|~\w-]+)[ \t]*:/;

/**
 * Reads the headers for requests to the authorization server, see {@link headersIn}.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function extraHeadersOf(given: string | undefined): ExtraHeaders {
  const isReserved = (name: string) => RESERVED.has(name);
  return headersIn(given, { field: fieldLabels.extraHeaders, isReserved });
}

/**
 * Reads the headers for requests to the account API, see {@link headersIn}.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function accountApiHeadersOf(given: string | undefined): ExtraHeaders {
  const isReserved = (name: string) => RESERVED.has(name) || RESERVED_AT_ACCOUNT_API.has(name);
  return headersIn(given, { field: fieldLabels.accountApiHeaders, isReserved });
}

/**
 * Reads headers in lines of the form `name: value`. Empty lines are ignored.
 *
 * The password fields of older n8n lose line breaks, which become spaces. If the text is one line, a space before `name: ` counts as a line
 * break.
 *
 * @throws OpenBankingError `field-malformed`, which names the line by its number and never shows what is in it
 */
function headersIn(given: string | undefined, of: HeaderField): ExtraHeaders {
  const text = given?.trim() ?? '';
  if (text.length > EXTRA_HEADERS_MAXIMUM) {
    throw new OpenBankingError('field-malformed', {
      problem: 'length',
      values: { field: of.field, maximum: EXTRA_HEADERS_MAXIMUM },
      description: 'Keep only the headers that the bank demands.',
    });
  }
  if (/^[{[]/.test(text)) throw malformed(of, 1, 'it is JSON');
  const headers = new Map<string, readonly [name: string, value: string]>();
  for (const [index, line] of linesOf(text).entries()) {
    if (line.trim() === '') continue;
    // Without a name and a value, it could be the rest of the header above (RFC 9112 §5.2).
    if (headers.size > 0 && /^\s/.test(line) && !/^[^\s:]+[ \t]*:[ \t]*\S/.test(line.trim())) {
      throw malformed(of, index + 1, 'it begins with a space');
    }
    const { name, value } = headerIn(line.trim(), index + 1, of);
    if (headers.has(name.toLowerCase())) throw malformed(of, index + 1, 'its name is there twice');
    headers.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(headers.values());
}

/** The lines of the field, each with one header. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.length > 1 ? lines : text.split(/[ \t]+(?=[!#$%&'*+.^`|~\w-]+:[ \t])/);
}

function headerIn(line: string, number: number, of: HeaderField): { name: string; value: string } {
  if (!line.includes(':')) throw malformed(of, number, 'it has no colon');
  const [beginning = '', name] = NAME.exec(line) ?? [];
  if (name === undefined) throw malformed(of, number, 'its name has characters that no name has');
  if (of.isReserved(name.toLowerCase())) {
    throw malformed(of, number, `"${name}" is set by this package`);
  }
  const value = line.slice(beginning.length).trim();
  if (value === '') throw malformed(of, number, 'its value is empty');
  // Other characters are sent in a way that depends on the server (RFC 9110 §5.5).
  if (!/^[\t\x20-\x7e]+$/.test(value)) {
    throw malformed(of, number, 'its value has characters that no value has');
  }
  return { name, value };
}

function malformed({ field }: HeaderField, line: number, fault: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'extraHeader',
    values: { field, line, fault },
    description:
      'Write one header in each line, as "name: value", for example "x-api-key: 123". A value may contain only ASCII characters. Nothing was sent.',
  });
}
