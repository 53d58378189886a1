import { createServer } from 'node:net';
import { DemoFailure } from './failure';

/** A TCP port of the loopback interface that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No TCP address');
  return address.port;
}

/**
 * Checks that a port is free.
 *
 * @param purpose of the port, for the message
 * @param option the command-line option for another port
 * @throws {@link DemoFailure} with the port and the option
 */
export async function requireFreePort(
  port: number,
  purpose: string,
  option: string,
): Promise<void> {
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  if (code === undefined) {
    await new Promise((resolve) => server.close(resolve));
    return;
  }
  const reason = code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${code})`;
  throw new DemoFailure(
    `Port ${port}, wanted for ${purpose}, ${reason}: free it, or choose another port with ${option} <port>.`,
  );
}
