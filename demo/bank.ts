import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Misbehaviour, MisbehaviourWish } from '../sandbox/misbehaviours';
import type { SandboxAuthorization, SandboxReady } from '../sandbox/ready';
import { DemoFailure } from './failure';
import { end, start } from './processes';

const START_LIMIT_MS = 60_000;

/** A running sandbox bank. */
export interface Bank {
  ready: SandboxReady;
  /** A short link for a customer who gives consent. It leads to an authorization URL of 2,000 characters. */
  shorten(customerLink: string): Promise<string>;
  /**
   * Lets a robot customer approve a consent on the bank's pages.
   *
   * The authorization code in the answer is a secret, and can be used once.
   */
  authorize(): Promise<SandboxAuthorization>;
  /** Begins the bank's next day: what was pending is booked, under another ID. */
  nextDay(): Promise<void>;
  /** Switches a misbehaviour on, or lets it happen once. */
  misbehave(name: Misbehaviour, wish?: MisbehaviourWish): Promise<void>;
  stop(): Promise<void>;
}

/** Options of the sandbox bank. */
export interface BankOptions {
  /** 0 takes a free port. */
  identityPort: number;
  /** 0 takes a free port. */
  gatewayPort: number;
  /** Directory for its keys and certificates. */
  directory: string;
  /** Redirect URI of its clients, in addition to the one of the bank's own page. */
  redirectUri: string;
  /** Misbehaviours from the start, each at the first account, or at another one, such as `shift-pages:30080098763459`. */
  misbehave?: readonly string[];
}

/**
 * Starts the sandbox bank and waits until it is ready.
 *
 * @throws {@link DemoFailure} with the bank's message if it ends before
 */
export async function startBank(options: BankOptions): Promise<Bank> {
  const child = start(
    process.execPath,
    [
      '--import',
      'tsx',
      join(__dirname, '..', 'sandbox', 'main.ts'),
      `--identity-port=${options.identityPort}`,
      `--gateway-port=${options.gatewayPort}`,
      `--directory=${options.directory}`,
      `--redirect-uri=${options.redirectUri}`,
      ...(options.misbehave ?? []).map((name) => `--misbehave=${name}`),
    ],
    { cwd: join(__dirname, '..'), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ready = await new Promise<SandboxReady>((resolve, reject) => {
    const timer = setTimeout(() => {
      void end(child);
      reject(new DemoFailure('The sandbox bank did not start within a minute.'));
    }, START_LIMIT_MS);
    child.on('message', (message) => {
      if ((message as SandboxReady).type !== 'ready') return;
      clearTimeout(timer);
      resolve(message as SandboxReady);
    });
    child.once('close', () => {
      clearTimeout(timer);
      const [line] = complaint.trim().split('\n').slice(-1);
      reject(
        new DemoFailure(`The sandbox bank ended before it was ready${line ? `: ${line}` : '.'}`),
      );
    });
  });
  return {
    ready,
    shorten: (customerLink) => shorten(ready, customerLink),
    authorize: () => authorize(ready),
    nextDay: () => command(ready, 'next-day'),
    misbehave: (name, wish = {}) => command(ready, `misbehaviours/${name}`, JSON.stringify(wish)),
    stop: () => end(child),
  };
}

async function authorize(ready: SandboxReady): Promise<SandboxAuthorization> {
  const { status, body } = await post(ready, '/sandbox/authorization');
  if (status < 300) return JSON.parse(body) as SandboxAuthorization;
  throw new DemoFailure(`The sandbox bank gave no authorization code (HTTP ${status}).`);
}

async function shorten(ready: SandboxReady, customerLink: string): Promise<string> {
  const { status, body } = await post(ready, '/sandbox/links', customerLink);
  if (status < 300) return (JSON.parse(body) as { url: string }).url;
  throw new DemoFailure(`The sandbox bank made no short link (HTTP ${status}).`);
}

async function command(ready: SandboxReady, path: string, content?: string): Promise<void> {
  const { status, body } = await post(ready, `/sandbox/${path}`, content);
  if (status >= 300) throw new DemoFailure(`The sandbox bank refused ${path}: ${body}`);
}

async function post(
  ready: SandboxReady,
  path: string,
  content?: string,
): Promise<{ status: number; body: string }> {
  const ca = await readFile(ready.files.certificateAuthority);
  return new Promise((resolve, reject) => {
    const call = request(`${ready.identityUrl}${path}`, { method: 'POST', ca }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.once('error', reject);
    call.end(content);
  });
}
