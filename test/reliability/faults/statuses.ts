import { FIN, answer, body, head, refusal, tokens, type Fault } from './fault';

const informational = (title: string, front: string): Fault => ({
  title,
  ends: 'tokens',
  steps: ({ json }) => [front, answer(200, json)],
});

/** Status codes, from 1xx to beyond 5xx. */
export const statuses: readonly Fault[] = [
  informational('sends 100 Continue in front of the answer', head('100 Continue')),
  informational('sends 100 Continue twice', head('100 Continue').repeat(2)),
  informational('sends 102 Processing in front', head('102 Processing')),
  informational('sends 103 Early Hints in front', head('103 Early Hints', { Link: '</a>' })),
  informational('sends 100, 102 and 103 in front', head(100) + head(102) + head(103)),
  {
    title: 'sends 100 Continue, waits, and then answers',
    ends: 'tokens',
    steps: ({ json }) => [head('100 Continue'), { pause: 200 }, answer(200, json)],
  },
  {
    title: 'sends 100 Continue and nothing else',
    ends: 'unknown',
    steps: () => [head('100 Continue'), FIN],
  },
  ...[201, 202, 203, 206, 207, 226, 299].map((status) =>
    tokens(`answers with tokens and status ${status}`, {}, status),
  ),
  tokens('answers with tokens and a status without a reason', {}, '200 '),
  tokens('answers with tokens and a long reason', {}, `200 ${'very '.repeat(100)}good`),
  {
    title: 'answers with status 204',
    ends: 'unknown',
    steps: () => [head('204 No Content')],
  },
  {
    title: 'answers with status 205 and no body',
    ends: 'unknown',
    steps: () => [head('205 Reset Content', { 'Content-Length': '0' })],
  },
  body('answers with status 200 and an empty body', 'unknown', () => ''),
  ...[300, 301, 302, 303, 305, 307, 308].map((status) =>
    refusal(`redirects with status ${status}`, 'unknown', status, '<html>moved</html>', {
      Location: 'https://localhost:9/token',
      'Content-Type': 'text/html',
    }),
  ),
  { title: 'answers with status 304', ends: 'unknown', steps: () => [head('304 Not Modified')] },
  refusal('redirects to a relative address', 'unknown', 302, '', { Location: '/login' }),
  ...[500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 522, 524, 529, 530, 598, 599].map(
    (status) =>
      refusal(`answers with status ${status} and a web page`, 'unknown', status, '<html/>', {
        'Content-Type': 'text/html',
      }),
  ),
  refusal('answers with status 500 and an empty body', 'unknown', 500),
  refusal('answers with status 502 in JSON', 'unknown', 502, { message: 'Bad gateway' }),
  refusal('answers with status 500 and "server_error"', 'unknown', 500, { error: 'server_error' }),
  refusal('answers with status 500 and "invalid_grant"', 'unknown', 500, {
    error: 'invalid_grant',
  }),
  body('answers with status 500 and tokens', 'unknown', ({ json }) => json, { status: 500 }),
  refusal('answers with status 600', 'unknown', 600),
  refusal('answers with status 999', 'unknown', 999),
];
