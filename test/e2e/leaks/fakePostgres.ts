import { createServer, type AddressInfo } from 'node:net';

/** A PostgreSQL that refuses each password. */
export interface FakePostgres {
  port: number;
  close(): Promise<void>;
}

const SSL_REQUEST = 80877103;

/** Opens the server: it asks for the MD5 of the password, and answers that the log-in failed (PostgreSQL, "Message Flow"). */
export async function startFakePostgres(): Promise<FakePostgres> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (data.length === 8 && data.readInt32BE(4) === SSL_REQUEST) socket.write('N');
      else if (data[0] === 0x70)
        socket.end(
          message(
            'E',
            `SFATAL\0C28P01\0Mpassword authentication failed for ${data.toString('latin1')}\0\0`,
          ),
        );
      else socket.write(message('R', '\0\0\0\x05salt'));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((done) => server.close(() => done())) };
}

function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')]);
}
