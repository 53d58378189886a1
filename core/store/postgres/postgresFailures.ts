import { notWritable, unavailable as unavailableStore, type StoreFailure } from '../storeFailure';

/** A failure without the advice for a file. */
const unavailable = (
  reason: string,
  advice = 'Check "PostgreSQL Connection" in the credential, and that the server runs. The bank was not asked.',
): StoreFailure => unavailableStore(reason, advice);

/** Failures by SQLSTATE. */
const failuresByState: Partial<Record<string, StoreFailure>> = {
  '25006': notWritable('the database is read-only'),
  '42501': notWritable('the user has no right to do that'),
  '3F000': notWritable(
    'the search path of the user names no schema to create its tables in',
    'Enter a schema that exists in "PostgreSQL Schema" in the credential. The bank was not asked, so no token is lost.',
  ),
  '42P01': unavailable('one of its tables was removed'),
  '42703': unavailable('its tables are not those of this package'),
  '53100': notWritable('the disk of the server is full'),
  '28P01': unavailable(
    'the user name or the password is wrong',
    'Correct them in "PostgreSQL Connection" in the credential. Special characters must be percent-encoded, for example "@" as "%40". The bank was not asked.',
  ),
  '28000': unavailable('the server does not let this user in from here'),
  '3D000': unavailable(
    'there is no such database',
    'Create the database, or correct its name in "PostgreSQL Connection" in the credential. The bank was not asked.',
  ),
  '53300': unavailable('the server has no connection left'),
  '57P03': unavailable('the server is starting or stopping'),
  '57014': unavailable('the server did not answer in time'),
  '55P03': unavailable('the server did not answer in time'),
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
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** Codes of Node.js and OpenSSL for a certificate that no trusted authority has issued. */
const UNTRUSTED = new Set([
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
]);

/** The failure for a server whose certificate does not pass the check. */
function certificateFailure(code: string): StoreFailure | undefined {
  if (UNTRUSTED.has(code)) {
    return unavailable(
      `its certificate authority is not trusted here (${code})`,
      'Add "sslrootcert=/path/to/authority.pem" to the parameters of "PostgreSQL Connection" in the credential. The file, on each machine of n8n, holds the certificate of the authority that issued the certificate of the server, or that certificate itself if it is self-signed. With every "sslmode" but "disable" the certificate is checked. The bank was not asked.',
    );
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return undefined;
  return unavailable(
    `its certificate was made for another name (${code})`,
    'Enter the host in "PostgreSQL Connection" by a name that is in the certificate, or let the server have a certificate with the name that is entered. The bank was not asked.',
  );
}

/** Reasons by the message of `pg`, for errors that have no code. */
const reasonsByMessage: [RegExp, string][] = [
  [/timeout/i, 'the server did not answer in time'],
  [/does not support SSL/, 'the server does not offer TLS'],
  [/client password must be/, 'the server demands a password, and the connection string has none'],
  [/terminated/, 'the server closed the connection'],
];

/** SQLSTATE of a protocol error. PgBouncer uses it for nearly all of its own errors, and then closes the connection. */
const POOLER_ERROR = '08P01';

/** Reasons by the message of PgBouncer. */
const poolerReasons: [RegExp, string][] = [
  [
    /statement pooling/,
    'the pooler works in statement mode, in which no transaction is possible; set "pool_mode" to "transaction" or "session" in PgBouncer',
  ],
  [/authentication|password/, 'the user name or the password is wrong'],
  [/no such (database|user)/, 'the pooler has no such database or user'],
  [/max_client_conn|no more connections/, 'the pooler has no connection left'],
  [/startup parameter/, 'the pooler does not accept a parameter of the connection string'],
  [
    /query_wait_timeout|server|connect/,
    'the pooler cannot reach the server, or has no connection to it left',
  ],
];

/** SQLSTATEs after which the same statement is tried again: the connection was lost, or another transaction conflicted. */
const TRANSIENT_STATES = [
  ...['08000', '08003', '08006', POOLER_ERROR, '57P01', '57P02', '57P03', '25P03'],
  ...['40001', '40P01'],
];

/** Codes of Node.js for an open connection that was lost. */
const LOST_CONNECTION = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED'];

/** Codes for which no connection is made, although one may be made soon: the server is restarted, or others have all connections. */
const PASSING = [
  ...['ECONNREFUSED', 'ENOENT', '53300', '57P01', '57P02', '57P03'],
  ...[POOLER_ERROR, ...LOST_CONNECTION],
];

/** SQLSTATEs of which the server or a pooler closes the connection, or may do so. */
const ENDING_STATES = /^(08|28|3D|53[23]|57P|58|F0|XX|25P0[34])|^$/;

/** Code of {@link passwordInClear}. */
const PASSWORD_IN_CLEAR = 'PASSWORD_IN_CLEAR';

/** Whether the statement may succeed in another try: an open connection was lost, as after a restart of the server. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return (
    TRANSIENT_STATES.includes(code) || LOST_CONNECTION.includes(code) || isUnexpectedEnd(error)
  );
}

/** Whether a connection that could not be made may be made soon. */
export function isPassing(error: unknown): boolean {
  return PASSING.includes(codeOf(error)) || isUnexpectedEnd(error);
}

/** Whether a connection cannot be used after an error: it was lost, or its state is not known. */
export function endsConnection(error: unknown): boolean {
  // The word itself is in the language of the server.
  const { severity } = error as { severity?: unknown };
  return typeof severity !== 'string' || ENDING_STATES.test(codeOf(error));
}

/** Whether an error may come from a pooler. */
export function isPoolerError(error: unknown): boolean {
  return codeOf(error) === POOLER_ERROR;
}

/** Whether another statement gave the same name to a row at the same time. */
export function isNameTaken(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** Whether a table is missing: somebody removed it after the migration. */
export function isTableMissing(error: unknown): boolean {
  return codeOf(error) === '42P01';
}

/** Whether the user lacks a right. */
export function isForbidden(error: unknown): boolean {
  return codeOf(error) === '42501';
}

/** The error for a statement that was not answered in time. */
export function noAnswer(): Error {
  return Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
}

/** The error for a server that asks for the password in clear, over a connection that others may read. */
export function passwordInClear(): Error {
  return Object.assign(new Error('password in clear'), { code: PASSWORD_IN_CLEAR });
}

/** The failure for an error of `pg`. The message of `pg` is not shown, because it may contain a malformed connection string. */
export function postgresFailure(error: unknown): StoreFailure {
  const code = codeOf(error);
  const known = failuresByState[code];
  if (known) return known;
  if (code === PASSWORD_IN_CLEAR) {
    return unavailable(
      'the server asks for the password in clear over a connection without TLS, and was given none',
      'Append "sslmode=verify-full" to the parameters of "PostgreSQL Connection" in the credential, or let the server ask for the password by "scram-sha-256" (in its file pg_hba.conf; in PgBouncer by "auth_type"). The bank was not asked.',
    );
  }
  const certificate = certificateFailure(code);
  if (certificate) return certificate;
  const reason = reasonsByCode[code];
  if (reason) return unavailable(`${reason} (${code})`);
  if (code === POOLER_ERROR) {
    const unknown = 'the server or its pooler uses another protocol';
    return unavailable(`${reasonIn(poolerReasons, error) ?? unknown} (${code})`);
  }
  if (code === '') return unavailable(reasonIn(reasonsByMessage, error) ?? 'the connection failed');
  return isTransient(error)
    ? unavailable(`the server closed the connection (${code})`)
    : unavailable(`it answers with the error ${code}`);
}

/** The reason for the first pattern that an error matches. */
function reasonIn(reasons: [RegExp, string][], error: unknown): string | undefined {
  return reasons.find(([pattern]) => pattern.test(String(error)))?.[1];
}

/** Whether `pg` says that an open connection ended. */
function isUnexpectedEnd(error: unknown): boolean {
  return codeOf(error) === '' && /terminated unexpectedly|not queryable/.test(String(error));
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
