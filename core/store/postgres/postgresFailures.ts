import { notWritable, unavailable, type StoreFailure } from '../storeFailure';

/** What answers of PostgreSQL mean, by SQLSTATE. */
const answers: Partial<Record<string, StoreFailure>> = {
  '25006': notWritable('the database is read-only'),
  '42501': notWritable('the user may not create or change tables there'),
  '3F000': notWritable('the user has no schema there to create tables in'),
  '42P01': unavailable('one of its tables was removed'),
  '42703': unavailable('its tables are not those of this package'),
  '53100': notWritable('the disk of the server is full'),
  '28P01': unavailable('user name or password are wrong'),
  '28000': unavailable('the server does not let this user in from here'),
  '3D000': unavailable('there is no such database'),
  '53300': unavailable('the server has no connection left'),
  '57P03': unavailable('the server is starting or stopping'),
  '57014': unavailable('the server did not answer in time'),
  '55P03': unavailable('the server did not answer in time'),
  // PgBouncer, to what it does not know of a connection.
  '08P01': unavailable(
    'the server or its pooler speaks another protocol; of PgBouncer, "ignore_startup_parameters" has to name "statement_timeout"',
  ),
};

/** What keeps a connection from coming about, by the codes of Node.js and OpenSSL. */
const connections: Partial<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'nothing listens there',
  ENOTFOUND: 'its host name does not resolve',
  EAI_AGAIN: 'its host name does not resolve',
  EHOSTUNREACH: 'the server cannot be reached from here',
  ENETUNREACH: 'the server cannot be reached from here',
  ETIMEDOUT: 'the server did not answer in time',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate was made for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate authority is not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate authority is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate authority is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate authority is not trusted here',
};

/** What `pg` has only a message for. */
const messages: [RegExp, string][] = [
  [/timeout/i, 'the server did not answer in time'],
  [/does not support SSL/, 'the server does not offer TLS'],
  [/client password must be/, 'the server demands a password, and none is given'],
  [/terminated/, 'the server closed the connection'],
];

/** SQLSTATEs after which the same statement may be carried out again: a server that ended, and a statement that another one crossed. */
const PASSING = ['08000', '08003', '08006', '57P01', '57P02', '40001', '40P01'];

/** Codes of Node.js for a connection that stood, and does no more. */
const LOST = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED'];

/** Whether a connection was lost that stood before, as after a restart of the server: a new one may do. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  if (PASSING.includes(code) || LOST.includes(code)) return true;
  return code === '' && /terminated unexpectedly|not queryable/.test(String(error));
}

/** Whether a table is missing: somebody removed it since the schema was looked at. */
export function isTableMissing(error: unknown): boolean {
  return codeOf(error) === '42P01';
}

/** What a failure of `pg` means. Its message is not shown: where a connection string is malformed, that is in it. */
export function postgresFailure(error: unknown): StoreFailure {
  const code = codeOf(error);
  const known = answers[code];
  if (known) return known;
  const reason = connections[code];
  if (reason) return unavailable(`${reason} (${code})`);
  if (code === '') {
    const [, words] = messages.find(([pattern]) => pattern.test(String(error))) ?? [];
    return unavailable(words ?? 'the connection failed');
  }
  return LOST.includes(code) || PASSING.includes(code)
    ? unavailable(`the server closed the connection (${code})`)
    : unavailable(`it answers with the error ${code}`);
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
