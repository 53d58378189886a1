/** HTTP at the lowest cost in Node.js: kept-alive TLS connections without an HTTP library. */
import { connect } from 'node:tls';

/** @returns a function that posts a form and returns the body of the answer; each request in flight has its own connection */
export function rawPost({ tokenEndpoint, pem }) {
  const { hostname, port, pathname, host } = new URL(tokenEndpoint);
  const options = {
    ...{ host: hostname, port: Number(port) },
    ...{ cert: pem.clientCertificate, key: pem.clientKey, ca: pem.certificateAuthority },
  };
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: `;
  const free = [];

  const open = () =>
    new Promise((resolve, reject) => {
      const socket = connect(options, () => {
        socket.setNoDelay(true);
        resolve(connection);
      });
      const connection = { socket, done: reject };
      let received = '';
      socket.setEncoding('latin1');
      socket.on('error', (error) => connection.done(error));
      socket.on('data', (chunk) => {
        received += chunk;
        const headEnd = received.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received)[1]);
        if (received.length < headEnd + 4 + length) return;
        const body = received.slice(headEnd + 4);
        received = '';
        connection.done(undefined, body);
      });
    });

  return async (form) => {
    const connection = free.pop() ?? (await open());
    const body = await new Promise((resolve, reject) => {
      connection.done = (error, text) => (error ? reject(error) : resolve(text));
      connection.socket.write(`${head}${form.length}\r\n\r\n${form}`);
    });
    free.push(connection);
    return body;
  };
}
