import { FIN, refusal, type Fault } from './fault';

const html = { 'Content-Type': 'text/html' };

const lasting = (fault: Fault): Fault => ({
  ...fault,
  title: `${fault.title}, for hours`,
  lasts: true,
});

/** Faults that last until the last hour. */
export const outages: readonly Fault[] = [
  refusal('answers "invalid_grant"', 'refused', 400, { error: 'invalid_grant' }),
  refusal('answers with status 400 and no body', 'unreadable', 400),
  refusal('answers with status 403 and a web page', 'unreadable', 403, '<html/>', html),
  refusal('answers with status 404 and a web page', 'unreadable', 404, '<html/>', html),
  refusal('answers "invalid_client"', 'credential', 401, { error: 'invalid_client' }),
  refusal('answers with status 503 and a web page', 'unknown', 503, '<html/>', html),
  refusal('answers with status 500 and no body', 'unknown', 500),
  refusal('redirects to a page', 'unknown', 302, '', { Location: '/maintenance' }),
  refusal('answers with status 200 and a web page', 'unknown', 200, '<html/>', html),
  {
    ...refusal('answers with status 503 and Retry-After', 'unknown', 503, '', {
      'Retry-After': '120',
    }),
    waits: 120,
  },
  {
    ...refusal('answers with status 429 and Retry-After', 'limited', 429, '', {
      'Retry-After': '120',
    }),
    waits: 120,
  },
  ...(['FIN', 'RST', 'silence'] as const).map((end): Fault => ({
    title: `ends the connection in place of an answer (${end})`,
    ends: 'unknown',
    steps: () => [{ end }],
  })),
  {
    title: 'does not begin a handshake',
    ends: 'not-sent' as const,
    begins: 'connection' as const,
    steps: () => [FIN],
  },
  {
    title: 'shows an expired certificate',
    ends: 'not-sent' as const,
    tls: { certificate: 'expired' as const },
  },
].map(lasting);
