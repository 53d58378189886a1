import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Its value is the port at which the main process of jest tells the connection string. jest's workers inherit it. */
const PORT = 'OPEN_BANKING_TEST_POSTGRES';

/** The part of a server that {@link offerServer} needs. */
interface Server {
  readonly connectionString: string;
  close(): Promise<void>;
}

/**
 * Offers a server to the test files of this run. It is started when the first of them asks for it.
 *
 * @returns a function that ends the server
 */
export async function offerServer(start: () => Promise<Server>): Promise<() => Promise<void>> {
  let started: Promise<Server> | undefined;
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    started ??= start();
    started.then(
      ({ connectionString }) => socket.end(JSON.stringify({ connectionString })),
      ({ message }: Error) => socket.end(JSON.stringify({ failure: message })),
    );
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  process.env[PORT] = String((door.address() as AddressInfo).port);
  return async () => {
    door.close();
    await (await started?.catch(() => undefined))?.close();
  };
}

/** The connection string of the server of this run; `undefined` if the run offers none. */
export async function connectionStringOfRun(): Promise<string | undefined> {
  const port = process.env[PORT];
  if (!port) return undefined;
  const answer = await text(connect(Number(port), '127.0.0.1'));
  const { connectionString, failure } = JSON.parse(answer) as Record<string, string | undefined>;
  if (failure) throw new Error(failure);
  return connectionString;
}
