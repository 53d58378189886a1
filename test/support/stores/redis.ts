import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../demo/ports';
import { end, start } from '../../../demo/processes';
import { ensureInstalled } from './installed';

const DEFAULT_PORT = 6379;
const START_LIMIT_MS = 10_000;

/** A Redis on the loopback interface. */
export interface Redis {
  port: number;
  /** The prefix for all keys and channels of the current user: the Redis may be shared. */
  prefix: string;
  /** Removes the keys; ends the Redis if it was started for them. */
  stop(): Promise<void>;
}

/**
 * The Redis on the default port if one answers; otherwise a new one, from the `redis-server` on the PATH.
 *
 * @throws Error with the command that installs it, if it is missing and cannot be installed
 */
export async function startRedis(): Promise<Redis> {
  const prefix = `open-banking-test-${randomBytes(6).toString('hex')}`;
  if (await answers(DEFAULT_PORT)) {
    return {
      port: DEFAULT_PORT,
      prefix,
      stop: () => removeKeys(DEFAULT_PORT, prefix),
    };
  }
  return { ...(await startOwn()), prefix };
}

/** Starts a Redis in a new process and a temporary folder, without persistence. */
async function startOwn(): Promise<Omit<Redis, 'prefix'>> {
  ensureInstalled({
    program: 'redis-server',
    debian: 'redis-server',
    homebrew: 'redis',
    purpose: "n8n's queue mode needs Redis",
  });
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'open-banking-redis-'));
  const settings = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory],
    ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
  ];
  // The shell ends Redis when standard input closes. That also happens if this process is killed.
  const child = start('sh', ['-c', 'redis-server "$@" & read -r _; kill $!', 'sh', ...settings], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  for (const startedAt = Date.now(); !(await answers(port));) {
    if (Date.now() - startedAt > START_LIMIT_MS) {
      await stop();
      throw new Error('redis-server did not start within ten seconds: run it by hand to see why.');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, stop };
}

async function answers(port: number): Promise<boolean> {
  return (await ask(port, 'PING').catch(() => '')).startsWith('+PONG');
}

async function removeKeys(port: number, prefix: string): Promise<void> {
  const script =
    "for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('del', key) end return 'OK'";
  // n8n puts braces around a prefix.
  for (const pattern of [`${prefix}*`, `{${prefix}*`]) {
    const answer = await ask(port, 'EVAL', script, '0', pattern);
    if (!answer.startsWith('$2'))
      throw new Error(`Redis did not remove the test's keys: ${answer}`);
  }
}

/** Sends one command in the protocol of Redis, and returns the beginning of the raw answer. */
function ask(port: number, ...command: string[]): Promise<string> {
  const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`*${command.length}\r\n${words.join('')}`),
    );
    socket.setTimeout(2_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      resolve(answer.toString());
      socket.destroy();
    });
  });
}
