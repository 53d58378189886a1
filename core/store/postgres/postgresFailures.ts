import { notWritable, unavailable, type StoreFailure } from '../storeFailure';

/** Failures by SQLSTATE. */
const failuresByState: Partial<Record<string, StoreFailure>> = {
  '25006': notWritable('the database is read-only'),
  '42501': notWritable('the user may not create or change tables there'),
  '3F000': notWritable('the user has no schema there to create tables in'),
  '42P01': unavailable('one of its tables was removed'),
  '42703': unavailable('its tables are not those of this package'),
  '53100': notWritable('the disk of the server is full'),
  '28P01': unavailable('the user name or the password is wrong'),
  '28000': unavailable('the server does not let this user in from here'),
  '3D000': unavailable('there is no such database'),
  '53300': unavailable('the server has no connection left'),
  '57P03': unavailable('the server is starting or stopping'),
  '57014': unavailable('the server did not answer in time'),
  '55P03': unavailable('the server did not answer in time'),
  // PgBouncer sends this for a startup parameter that it does not know.
  '08P01': unavailable(
    'the server or its pooler uses another protocol; in PgBouncer, add "statement_timeout" to "ignore_startup_parameters"',
  ),
};

/** Reasons for which no connection is made, by the codes of Node.js and OpenSSL. */
const reasonsByCode: Partial<Record<string, string>> = {
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

/** Reasons by the message of `pg`, for errors that have no code. */
const reasonsByMessage: [RegExp, string][] = [
  [/timeout/i, 'the server did not answer in time'],
  [/does not support SSL/, 'the server does not offer TLS'],
  [/client password must be/, 'the server demands a password, and the connection string has none'],
  [/terminated/, 'the server closed the connection'],
];

/** SQLSTATEs after which the same statement is tried again: the server was stopped, or another transaction conflicted. */
const TRANSIENT_STATES = ['08000', '08003', '08006', '57P01', '57P02', '40001', '40P01'];

/** Codes of Node.js for an open connection that was lost. */
const LOST_CONNECTION = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED'];

/** Whether the statement may succeed in another try: an open connection was lost, as after a restart of the server. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (TRANSIENT_STATES.includes(code) || LOST_CONNECTION.includes(code)) return true;
  return code === '' && /terminated unexpectedly|not queryable/.test(String(error));
}

/** Whether another statement gave the same name to a row at the same time. */
export function isNameTaken(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** Whether a table is missing: somebody removed it after the migration. */
export function isTableMissing(error: unknown): boolean {
  return codeOf(error) === '42P01';
}

/** The failure for an error of `pg`. The message of `pg` is not shown, because it may contain a malformed connection string. */
export function postgresFailure(error: unknown): StoreFailure {
  const code = codeOf(error);
  const known = failuresByState[code];
  if (known) return known;
  const reason = reasonsByCode[code];
  if (reason) return unavailable(`${reason} (${code})`);
  if (code === '') {
    const [, found] = reasonsByMessage.find(([pattern]) => pattern.test(String(error))) ?? [];
    return unavailable(found ?? 'the connection failed');
  }
  return LOST_CONNECTION.includes(code) || TRANSIENT_STATES.includes(code)
    ? unavailable(`the server closed the connection (${code})`)
    : unavailable(`it answers with the error ${code}`);
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
