import { FIN, body, head, refusal, type Fault } from './fault';

const html = { 'Content-Type': 'text/html' };
const plain = { 'Content-Type': 'text/plain' };

/** Refusals of the refresh token, in the dialects of banks and gateways. */
const refused: readonly Fault[] = [
  refusal('answers "invalid_grant"', 'refused', 400, { error: 'invalid_grant' }),
  ...[401, 403, 200].map((status) =>
    refusal(`answers "invalid_grant" with status ${status}`, 'refused', status, {
      error: 'invalid_grant',
    }),
  ),
  refusal('answers "invalid_grant" in HTML', 'refused', 400, '{"error":"invalid_grant"}', html),
  refusal('answers "invalid_grant" with words', 'refused', 400, {
    error: 'invalid_grant',
    error_description: 'Persisted access token data not found',
  }),
  refusal('answers "invalid_grant" with a null', 'refused', 400, {
    error: 'invalid_grant',
    error_description: null,
    error_uri: null,
  }),
  refusal('answers "invalid_grant" and more', 'refused', 400, {
    error: 'invalid_grant',
    timestamp: 1,
    path: '/token',
  }),
  body(
    'answers "invalid_grant" with a byte order mark',
    'refused',
    () => '\ufeff{"error":"invalid_grant"}',
    { status: 400 },
  ),
];

/** Refusals that say nothing about the refresh token. */
const unreadable: readonly Fault[] = [
  ...[400, 402, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421].map(
    (status) => refusal(`answers with status ${status} and no body`, 'unreadable', status),
  ),
  ...[422, 423, 424, 425, 426, 428, 431, 444, 451, 494, 499].map((status) =>
    refusal(
      `answers with status ${status} and a web page`,
      'unreadable',
      status,
      '<html><title>Request rejected</title></html>',
      html,
    ),
  ),
  refusal('answers with status 400 and plain words', 'unreadable', 400, 'Bad Request', plain),
  refusal('answers with status 400 and {}', 'unreadable', 400, '{}'),
  refusal('answers with status 400 and []', 'unreadable', 400, '[]'),
  refusal('answers with status 400 and null', 'unreadable', 400, 'null'),
  refusal('answers with status 400 and half an object', 'unreadable', 400, '{"error":"inv'),
  refusal('answers with status 400 and XML', 'unreadable', 400, '<fault><code>1</code></fault>', {
    'Content-Type': 'text/xml',
  }),
  {
    title: 'answers with status 400 and neither length nor body',
    ends: 'unreadable',
    steps: () => [head(400), FIN],
  },
];

/** Refusals of the client, of the assertion, or of something else in the request. */
const others: readonly Fault[] = [
  ...[
    'invalid_client',
    'unauthorized_client',
    'invalid_request',
    'invalid_scope',
    'unsupported_grant_type',
    'access_denied',
    'something_else',
  ].map((error) => refusal(`answers "${error}"`, 'credential', 400, { error })),
  refusal('answers "invalid_client" with status 401', 'credential', 401, {
    error: 'invalid_client',
    error_description: 'Client Authentication failed.',
  }),
  refusal('answers with status 401 and no body', 'credential', 401, '', {
    'WWW-Authenticate': 'Bearer',
  }),
  refusal('answers with fields of a gateway', 'credential', 401, {
    fault: { code: 900901, message: 'Invalid Credentials', description: 'Access failure' },
  }),
  refusal('answers with fields of a gateway at the top', 'credential', 403, {
    code: '900910',
    message: 'The access token does not allow you to access the requested resource',
  }),
  refusal('answers with a list of errors', 'credential', 400, {
    errors: [{ code: '1', message: 'No' }],
  }),
];

/** Failures of the server, in the form of a refusal. */
const failures: readonly Fault[] = [
  ...['server_error', 'temporarily_unavailable'].map((error) =>
    refusal(`answers "${error}" with status 400`, 'unknown', 400, { error }),
  ),
];

/** Refusals with status 4xx, in every dialect. */
export const refusals: readonly Fault[] = [...refused, ...unreadable, ...others, ...failures];
