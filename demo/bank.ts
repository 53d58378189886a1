import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import type { SandboxAuthorization, SandboxReady } from '../sandbox/ready';
import { DemoFailure } from './failure';
import { end, start } from './processes';

const START_LIMIT_MS = 60_000;

/** The sandbox bank, running. */
export interface Bank {
  ready: SandboxReady;
  /** A short link to the address at the bank where a customer gives consent, which has 2,000 characters. */
  shorten(customerLink: string): Promise<string>;
  /**
   * Has a customer agree, as if somebody had clicked through the bank's pages.
   *
   * The authorization code in the answer is single use, and a secret.
   */
  authorize(): Promise<SandboxAuthorization>;
  stop(): Promise<void>;
}

/** How the sandbox bank is started. */
export interface BankOptions {
  /** 0 takes any free port. */
  identityPort: number;
  /** 0 takes any free port. */
  gatewayPort: number;
  /** Where it keeps its keys and certificates. */
  directory: string;
  /** Redirect URI that its clients have registered besides that of the bank's own page. */
  redirectUri: string;
}

/**
 * Starts the sandbox bank and waits until it answers.
 *
 * @throws {@link DemoFailure} with the bank's own words when it ends instead
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
