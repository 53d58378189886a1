import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { storeError, unavailable } from '../storeFailure';

/** The content of a connection string. Nothing comes from n8n's environment, user or home folder. */
export interface ConnectionSettings {
  /** Name or address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** May be empty. */
  readonly password: string;
  readonly database: string;
  /** `false` without TLS. */
  readonly tls: ConnectionOptions | false;
  /** Whether TLS begins at once, without a question to the server. */
  readonly isTlsDirect: boolean;
  /** Parameters for the start of the session, for example `options`. */
  readonly startup: Readonly<Record<string, string>>;
}

/** Parameters of a connection string that are passed on to the server. */
const STARTUP_PARAMETERS = [
  ...['application_name', 'options', 'lock_timeout'],
  'idle_in_transaction_session_timeout',
];

/** Values of `sslmode` with TLS. All check the authority, the dates and the name of the server's certificate, as they do in `pg`. */
const VERIFIED_MODES = ['verify-full', 'verify-ca', 'require', 'prefer'];

/** Maximum size of a file of certificates or of a key. */
const MAXIMUM_FILE = 1_048_576;

/** In place of a host that the authority of the URL does not name. */
const NO_HOST = 'no-host.invalid';

const FORM = 'postgres://user:password@host:5432/database';

const NOT_ENCODED =
  'the connection string cannot be read: the characters @ / ? # : and % in the password must be percent-encoded, for example "#" as "%23"';

const UNREADABLE = `the connection string cannot be read: it must look like ${FORM}, and special characters in the user name and the password must be percent-encoded, for example "#" as "%23"`;

const ADVICE = 'Correct "PostgreSQL Connection" in the credential. The bank was not asked.';

const UNCHECKED = 'the connection string asks for TLS without a check of the server';

const CHECK_IT =
  'Use "sslmode=verify-full" in "PostgreSQL Connection" of the credential, and "sslrootcert=/path/to/authority.pem" if the certificate of the server is from an authority of your own, or is self-signed. The bank was not asked.';

/**
 * Reads a connection string, and the files of certificates that it names.
 *
 * @throws OpenBankingError `store-unavailable`
 */
export async function connectionSettings(connectionString: string): Promise<ConnectionSettings> {
  const fail = (reason: string, advice = ADVICE): OpenBankingError =>
    storeError(locationOf(connectionString), unavailable(reason, advice));
  const url = parsed(connectionString);
  if (!url) {
    // A URL ends its host at such a character. The text before it is then no port number, so the URL is malformed.
    const isPasswordCut = /^postgres(ql)?:\/\/[^/?#@]*[/?#].*@/.test(connectionString);
    throw fail(isPasswordCut ? NOT_ENCODED : UNREADABLE);
  }
  const parameter = (name: string): string => url.searchParams.get(name) ?? '';

  const user = parameter('user') || decoded(url.username);
  if (!user) {
    throw fail(
      /@/.test(url.pathname + url.search + url.hash)
        ? NOT_ENCODED
        : `the connection string names no user: it must look like ${FORM}`,
    );
  }
  const named = url.hostname === NO_HOST ? '' : decoded(url.hostname);
  const host = parameter('host') || named.replace(/^\[(.*)\]$/, '$1');
  if (!host) throw fail(`the connection string names no host: it must look like ${FORM}`);
  const port = Number(parameter('port') || url.port || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw fail('the port in the connection string is not a number from 1 to 65535');
  }
  const startup = STARTUP_PARAMETERS.map((name) => [name, parameter(name)] as const);
  return {
    host,
    port,
    user,
    password: parameter('password') || decoded(url.password),
    // The default of PostgreSQL's own programs.
    database: decoded(url.pathname.slice(1)) || user,
    tls: await tlsOptions(host, parameter, fail),
    isTlsDirect: parameter('sslnegotiation') === 'direct',
    startup: Object.fromEntries(startup.filter(([, value]) => value)),
  };
}

type Fail = (reason: string, advice?: string) => OpenBankingError;

/** @throws OpenBankingError `store-unavailable` if the parameters are wrong, or if they leave open whether to use TLS to another host */
async function tlsOptions(
  host: string,
  parameter: (name: string) => string,
  fail: Fail,
): Promise<ConnectionOptions | false> {
  const mode = tlsMode(parameter);
  if (mode === 'disable') return false;
  if (mode === undefined) {
    if (isOnThisMachine(host)) return false;
    throw fail(
      'the connection string needs "sslmode=verify-full", or "sslmode=disable" for a connection without TLS',
      'Append "?sslmode=verify-full" to "PostgreSQL Connection" in the credential (with "&" if it has a "?" already), and "&sslrootcert=/path/to/authority.pem" if the certificate of the server is from an authority of your own. If the network between n8n and the server is safe without TLS, append "?sslmode=disable". Only for a server on this machine neither is needed.',
    );
  }
  if (mode === 'no-verify') throw fail(UNCHECKED, CHECK_IT);
  if (!VERIFIED_MODES.includes(mode)) {
    throw fail(
      'the connection string has an "sslmode" that does not exist: use verify-full or disable',
    );
  }
  const file = async (name: string): Promise<string | undefined> => {
    const path = parameter(name);
    try {
      return path ? await content(path) : undefined;
    } catch {
      throw fail(`the file that "${name}" of the connection string names cannot be read`);
    }
  };
  const ca = await file('sslrootcert');
  const cert = await file('sslcert');
  const key = await file('sslkey');
  // Said explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED of n8n's environment has no effect.
  return {
    rejectUnauthorized: true,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  };
}

/** The text of a file. What is no file, or too large for certificates, is not read: a pipe would be waited for without end. */
async function content(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size > MAXIMUM_FILE) throw new Error('no file of certificates');
    const buffer = Buffer.alloc(MAXIMUM_FILE);
    const { bytesRead } = await file.read(buffer, 0, MAXIMUM_FILE, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The `sslmode` of a connection string, or what its other parameters mean; `undefined` if it says nothing about TLS. */
function tlsMode(parameter: (name: string) => string): string | undefined {
  if (parameter('sslmode')) return parameter('sslmode');
  switch (parameter('ssl')) {
    case '0':
    case 'false':
      return 'disable';
    case 'no-verify':
      return 'no-verify';
    case '':
      break;
    default:
      return 'verify-full';
  }
  const asksForTls =
    parameter('sslnegotiation') === 'direct' ||
    ['sslrootcert', 'sslcert', 'sslkey'].some((name) => parameter(name));
  return asksForTls ? 'verify-full' : undefined;
}

/** Whether a connection to a host does not leave this machine. */
function isOnThisMachine(host: string): boolean {
  return (
    isSocketFolder(host) ||
    /^localhost$/i.test(host) ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** Whether a host is the folder of a Unix socket. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith('/');
}

/** A connection string as URL; `undefined` if it is none. A URL of this kind needs a host, which may be in the parameter `host`. */
function parsed(connectionString: string): URL | undefined {
  if (!/^postgres(ql)?:\/\//.test(connectionString)) return undefined;
  try {
    return new URL(connectionString);
  } catch {
    try {
      return new URL(connectionString.replace('@/', `@${NO_HOST}/`));
    } catch {
      return undefined;
    }
  }
}

/** Percent-decoded text. A percent sign that encodes nothing stays, as in `pg`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    return text;
  }
}

/**
 * Host, port and database of a connection string, for messages. Its parameters go before the rest of it.
 *
 * If the string is ambiguous, none of it is shown: with an `@`, `/`, `?` or `#` that is not percent-encoded, a part of the password could
 * look like the host.
 */
export function locationOf(connectionString: string): string {
  const [, named, namedPort = '5432', database] =
    /^postgres(?:ql)?:\/\/(?:[^@/?#\s]*@)?([\w.-]+|\[[\da-f:]+\])(?::(\d+))?(?:\/([\w.-]*))?(?:\?[^@#\s]*)?$/i.exec(
      connectionString,
    ) ?? [];
  if (!named) return 'in PostgreSQL';
  const parameters = parsed(connectionString)?.searchParams;
  const host = parameters?.get('host') || named;
  const port = parameters?.get('port') || namedPort;
  const isPlain = /^(\[[\da-f:]+\]|[\w.:/-]+)$/i.test(host) && /^\d+$/.test(port);
  return isPlain ? `"${host}:${port}${database ? `/${database}` : ''}"` : 'in PostgreSQL';
}
