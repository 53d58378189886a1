/** The limit: one kept-alive TLS socket without an HTTP library, and `JSON.parse`. */
import { connect } from 'node:tls';

const HEAD_END = Buffer.from('\r\n\r\n');

export async function prepare({ accountApiUrl, accessToken, pem }) {
  const { hostname, port, host, pathname } = new URL(accountApiUrl);
  const socket = connect({
    ...{ host: hostname, port: Number(port) },
    ...{ cert: pem.clientCertificate, key: pem.clientKey, ca: pem.certificateAuthority },
  });
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  socket.setNoDelay(true);
  let chunks = [];
  let received = 0;
  let expected = 0;
  let bodyAt = 0;
  let done;
  socket.on('error', (error) => done?.(Promise.reject(error)));
  socket.on('data', (chunk) => {
    if (received === 0) {
      bodyAt = chunk.indexOf(HEAD_END) + HEAD_END.length;
      const [, length] = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, bodyAt));
      expected = bodyAt + Number(length);
    }
    chunks.push(chunk);
    received += chunk.length;
    if (received < expected) return;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, received);
    chunks = [];
    received = 0;
    done(bytes.toString('utf8', bodyAt));
  });
  const get = (target) =>
    new Promise((resolve) => {
      done = resolve;
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`,
      );
    });
  return async (account) => {
    const rows = [];
    let target = `${pathname}/accounts/${account}/transactions`;
    while (target) {
      const { Data, Links } = JSON.parse(await get(target));
      for (const row of Data.Transaction) rows.push(row);
      target = Links.Next?.slice(`https://${host}`.length);
    }
    return rows;
  };
}
