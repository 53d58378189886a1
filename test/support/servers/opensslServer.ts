import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateAuthority, serverCertificate } from '../keys/certificates';

/** A server of OpenSSL that requires a client certificate, and rejects others with the alerts that banks send. */
export interface OpensslServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a server of OpenSSL. A server of Node.js sends no alert when it refuses a client certificate; it only closes the connection.
 *
 * @param options of `openssl s_server`, in addition to those for the certificates
 */
export async function startOpensslServer(...options: string[]): Promise<OpensslServer> {
  const directory = await mkdtemp(join(tmpdir(), 'open-banking-tls-'));
  const { certificate, privateKey } = await serverCertificate();
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const files = [
    ...['-cert', await write('server.pem', certificate)],
    ...['-key', await write('server.key', privateKey)],
    ...['-CAfile', await write('authority.pem', (await certificateAuthority()).certificate)],
  ];
  const demand = ['-Verify', '2', '-verify_return_error', '-www', '-accept', '127.0.0.1:0'];
  const child = spawn('openssl', ['s_server', ...files, ...demand, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // If the command is missing, there is an "error" event and no "exit".
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done()).once('error', () => done());
  });
  const close = async (): Promise<void> => {
    child.kill();
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  const port = await new Promise<string | undefined>((done) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [, found] = /ACCEPT \S+:(\d+)/.exec(text) ?? [];
      if (found) done(found);
    });
    void exited.then(() => done(undefined));
  });
  if (!port) {
    await close();
    throw new Error('OpenSSL opened no server: is the command "openssl" installed?');
  }
  return { url: `https://localhost:${port}`, close };
}
