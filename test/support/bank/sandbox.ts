import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClientKey } from '../../../sandbox/clients';
import { Customer } from '../../../sandbox/customer';
import type { Misbehaviour, MisbehaviourWish } from '../../../sandbox/misbehaviours';
import type { RefusalPlan } from '../../../sandbox/refusals';
import type { RegimeName } from '../../../sandbox/regimes/regime';
import type {
  JournalEntry,
  SandboxAuthorization,
  SandboxConnections,
  SandboxReady,
} from '../../../sandbox/ready';

const ROOT = resolve(__dirname, '../../..');

/** Milliseconds that the bank may take to open: less than jest's timeout for hooks. */
const START_TIME = 25_000;

/** Options of the embedded bank. */
export interface StartOptions {
  /** The regime that it plays; WSO2 if not given. */
  regime?: RegimeName;
  /** Lifetime of access tokens in seconds; 3600 if not given. */
  accessTokenLifetime?: number;
  /** Whether a refresh returns a new refresh token; true if not given. */
  rotation?: boolean;
  /** Accounts or transactions on a page, or the fewest and the most, such as `5-25`; 25 if not given. */
  pageSize?: number | `${number}-${number}`;
  /** Transactions of the first account; 120 if not given. */
  transactions?: number;
  /** Milliseconds of network delay, each way; none if not given. */
  delay?: number;
  /** One of how many requests for account data is refused with 429 and `Retry-After: 1`; none if not given. */
  refuseEvery?: number;
  /** Redirect URIs of the clients in addition to the one in {@link SandboxReady}. */
  redirectUris?: string[];
  /** Misbehaviours from the start, each at the first account, or at another one, such as `shift-pages:30080098763459`. */
  misbehave?: string[];
}

/** An embedded bank in a separate process, on free ports, with its own certificates. */
export interface Sandbox {
  ready: SandboxReady;
  /** The requests at the bank, oldest first. */
  requests(): Promise<JournalEntry[]>;
  clearRequests(): Promise<void>;
  /** TLS connections that the bank has accepted. */
  connections(): Promise<SandboxConnections>;
  /**
   * A consent that a robot customer has just approved.
   *
   * @param accounts that the customer shares, by their IDs; all of them if not given
   */
  authorize(clientId?: string, accounts?: string[]): Promise<SandboxAuthorization>;
  /**
   * Opens an authorization URL as a customer who agrees.
   *
   * @returns the address to which the bank redirects
   */
  approve(url: unknown, redirectUri?: string): Promise<URL>;
  /** Changes the lifetime of new access tokens, in seconds. */
  setAccessTokenLifetime(seconds: number): Promise<void>;
  /** Changes the signing keys that the bank knows of each client that has two. It knows both at its start. */
  registerKeys(keys: readonly ClientKey[]): Promise<void>;
  /** Leaves all further requests for the data of a consent without an answer. @param consentId of the bank */
  hang(consentId: string): Promise<void>;
  /** Refuses the next requests for account data. */
  refuse(plan: RefusalPlan): Promise<void>;
  /** Begins the bank's next day: what was pending is booked, under another ID. */
  nextDay(): Promise<void>;
  /** Switches a misbehaviour on, or lets it happen once. */
  misbehave(name: Misbehaviour, wish?: MisbehaviourWish): Promise<void>;
  /** Switches a misbehaviour off, or all of them. Its earlier effects stay. */
  behave(name?: Misbehaviour): Promise<void>;
  /** The customer ends a consent at the bank. @param consentId of the bank */
  revoke(consentId: string): Promise<void>;
  /** Closes the bank, and removes its directory. */
  stop(): Promise<void>;
}

/** Starts the embedded bank. */
export async function startSandbox(options: StartOptions = {}): Promise<Sandbox> {
  const directory = await mkdtemp(join(tmpdir(), 'open-banking-sandbox-'));
  const child = fork(join(ROOT, 'sandbox/main.ts'), commandLine(directory, options), {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    // Standard output of the bank is for people who start it by hand; a test needs only its errors.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  let ready: SandboxReady;
  try {
    ready = await new Promise<SandboxReady>((done, fail) => {
      const timer = setTimeout(() => fail(new Error('The sandbox did not open')), START_TIME);
      child.once('message', (message) => {
        clearTimeout(timer);
        done(message as SandboxReady);
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        fail(new Error(`The sandbox ended with code ${code} before it was open`));
      });
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const authority = await readFile(ready.files.certificateAuthority, 'utf8');
  const helper = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    callHelper<T>(`${ready.identityUrl}/sandbox/${path}`, method, authority, body);
  return {
    ready,
    requests: () => helper('GET', 'requests'),
    clearRequests: () => helper('DELETE', 'requests'),
    connections: () => helper('GET', 'connections'),
    authorize: (clientId, accounts) =>
      helper('POST', 'authorization', { client_id: clientId, accounts }),
    approve: (url, redirectUri = ready.redirectUri) =>
      new Customer(authority).approve(url as string, redirectUri),
    setAccessTokenLifetime: (seconds) => helper('PUT', 'access-token-lifetime', seconds),
    registerKeys: (keys) => helper('PUT', 'registered-keys', keys),
    hang: (consentId) => helper('POST', 'hanging-consents', consentId),
    refuse: (plan) => helper('PUT', 'refusals', plan),
    nextDay: () => helper('POST', 'next-day'),
    misbehave: (name, wish = {}) => helper('POST', `misbehaviours/${name}`, wish),
    behave: (name = '' as Misbehaviour) => helper('DELETE', `misbehaviours/${name}`),
    revoke: (consentId) => helper('POST', 'revoked-consents', consentId),
    stop,
  };
}

function commandLine(directory: string, options: StartOptions): string[] {
  const { accessTokenLifetime, rotation = true, redirectUris = [], misbehave = [] } = options;
  const { pageSize, transactions, delay, refuseEvery, regime } = options;
  return [
    ...['--identity-port', '0', '--gateway-port', '0', '--directory', directory],
    ...(accessTokenLifetime ? ['--access-token-lifetime', String(accessTokenLifetime)] : []),
    ...(regime ? ['--regime', regime] : []),
    ...(pageSize ? ['--page-size', String(pageSize)] : []),
    ...(transactions ? ['--transactions', String(transactions)] : []),
    ...(delay ? ['--delay', String(delay)] : []),
    ...(refuseEvery ? ['--refuse-every', String(refuseEvery)] : []),
    ...(rotation ? [] : ['--no-rotation']),
    ...misbehave.map((name) => `--misbehave=${name}`),
    ...redirectUris.map((redirectUri) => `--redirect-uri=${redirectUri}`),
  ];
}

function callHelper<T>(url: string, method: string, ca: string, body?: unknown): Promise<T> {
  return new Promise((done, fail) => {
    const call = request(url, { method, ca }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', fail);
      response.on('end', () => {
        if (response.statusCode! >= 400) {
          fail(new Error(`${method} ${url} answered ${response.statusCode}: ${text}`));
        } else {
          done((text ? JSON.parse(text) : undefined) as T);
        }
      });
    });
    call.on('error', fail);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
