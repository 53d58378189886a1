import { FIN, type Fault } from './fault';

const never = (title: string, change: Partial<Fault>): Fault => ({
  title,
  ends: 'not-sent',
  ...change,
});

const alert = (code: number) => Buffer.from([21, 3, 3, 0, 2, 2, code]);

/** Connections that cannot be made, and handshakes that fail. No request reaches the bank. */
export const handshakes: readonly Fault[] = [
  ...(['FIN', 'RST', 'silence'] as const).map((end) =>
    never(`does not begin a handshake (${end})`, { begins: 'connection', steps: () => [{ end }] }),
  ),
  never('answers a handshake in plain HTTP', {
    begins: 'connection',
    steps: () => ['HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', FIN],
  }),
  never('answers a handshake in zeros', {
    begins: 'connection',
    steps: () => [Buffer.alloc(100), { pause: 100 }, FIN],
  }),
  never('cuts its handshake', {
    begins: 'connection',
    steps: () => [Buffer.from([22, 3, 3, 0, 90, 2, 0]), { pause: 100 }, FIN],
  }),
  ...[40, 42, 44, 45, 46, 48, 49, 70, 71, 80, 112, 116].map((code) =>
    never(`sends the alert ${code}`, { begins: 'connection', steps: () => [alert(code), FIN] }),
  ),
  never('shows an expired certificate', { tls: { certificate: 'expired' } }),
  never('shows a certificate that is not valid yet', { tls: { certificate: 'not valid yet' } }),
  never('shows a certificate for another name', { tls: { certificate: 'another name' } }),
  never('shows a certificate of an unknown authority', {
    tls: { certificate: 'unknown authority' },
  }),
  // In TLS 1.3 the client has sent its request by then, and the server closes without saying why.
  { title: 'does not trust the client (TLS 1.3)', ends: 'unknown', tls: { refusesClient: true } },
  never('does not trust the client (TLS 1.2)', {
    tls: { refusesClient: true, maxVersion: 'TLSv1.2' },
  }),
  never('speaks TLS 1.1 at most', {
    tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  }),
  never('speaks HTTP/2 alone', { tls: { protocols: ['h2'] } }),
];
