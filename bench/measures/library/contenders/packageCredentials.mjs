/** This package with many credentials in turn, each with a certificate of its own. */
import { readFileSync } from 'node:fs';
import { packageSettings, refresher } from '../package.mjs';

export function prepare(order) {
  const certificates = JSON.parse(readFileSync(order.certificates, 'utf8')).slice(
    0,
    order.credentials,
  );
  const clients = certificates.map((certificate, index) =>
    refresher({
      ...packageSettings(order),
      clientId: `client-${index}`,
      transportCertificate: certificate,
    }),
  );
  let next = 0;
  return { token: (refreshToken) => clients[next++ % clients.length](refreshToken) };
}
