import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Launch } from '../../../bench/measures/due/slowDisk';
import type { TokenSet } from '../../../core/oauth/grants/tokenSet';
import type { BankSettings } from '../../../core/profile/settings';
import type { ValidityOptions } from '../../../core/tokens/consents/validity';
import type { KeepingSettings } from '../../../core/tokens/settings';
import type { ClockFile } from './clockFile';

/** A credential. */
export type Settings = BankSettings & KeepingSettings;

/** The result of one request for a token. */
export interface Told {
  accessToken?: string;
  remarks?: string[];
  code?: string;
  outcome?: string;
  message?: string;
}

/** The differences from an n8n on this machine. */
export interface HostOptions {
  /** The folder of the SQLite file. */
  userFolder: string;
  /** The clock, if it differs from that of this machine. */
  clock?: ClockFile;
  /** Whether it looks like another host: it runs in a PID namespace of its own, like a container. */
  isElsewhere?: boolean;
  /** How Node.js is started, if its disk is slow. */
  launch?: Launch;
}

const unshare = ['--fork', '--pid', '--mount-proc', '--kill-child=SIGKILL'];

/** Whether this machine lets a process have a PID namespace of its own. Otherwise, "elsewhere" is a process of this host. */
const canBeElsewhere =
  process.platform === 'linux' && spawnSync('unshare', [...unshare, 'true']).status === 0;

const hosts = new Set<Host>();

/** Kills all processes of this file's tests that still run. */
export async function killHosts(): Promise<void> {
  await Promise.all([...hosts].map((host) => host.kill()));
}

/** A separate process that works with the built package, as an n8n does, on this host or like one on another host. */
export class Host {
  readonly #answers = new Map<
    number,
    { done: (result: never) => void; fail: (error: Error) => void }
  >();
  #count = 0;

  private constructor(private readonly child: ChildProcess) {
    hosts.add(this);
    child.on('message', ({ id, result, failure }: Answer) => {
      const answer = this.#answers.get(id);
      this.#answers.delete(id);
      if (failure) answer?.fail(Object.assign(new Error(failure.message), { code: failure.code }));
      else answer?.done(result as never);
    });
    child.once('exit', () => {
      hosts.delete(this);
      for (const { fail } of this.#answers.values()) fail(new Error('The process has ended'));
    });
  }

  static async start({ userFolder, clock, isElsewhere, launch }: HostOptions): Promise<Host> {
    const preloads = clock ? ['--require', join(__dirname, 'movedClock.cjs')] : [];
    const command = [
      ...(isElsewhere && canBeElsewhere ? ['unshare', ...unshare] : []),
      ...(launch?.command ?? [process.execPath]),
      ...['--no-warnings', ...preloads],
    ];
    const child = fork(join(__dirname, 'hostProcess.cjs'), {
      env: {
        ...process.env,
        N8N_USER_FOLDER: userFolder,
        ...(clock && { OPEN_BANKING_TEST_CLOCK: clock.path }),
        ...launch?.environment,
      },
      execPath: command[0],
      execArgv: command.slice(1),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new Host(child);
  }

  /** Loads what the first request needs. */
  warm(settings: Settings): Promise<void> {
    return this.#call('warm', settings);
  }

  valid(settings: Settings, consent: string, options: ValidityOptions = {}): Promise<Told> {
    return this.#call('valid', settings, consent, options);
  }

  /** Asks for all consents at the same time. */
  validAll(
    settings: Settings,
    consents: readonly string[],
    options: ValidityOptions = {},
  ): Promise<Told[]> {
    return this.#call('validAll', settings, consents, options);
  }

  /** Stores tokens by consent, as exchanges do. @throws Error if some of them are not stored */
  async keepAll(settings: Settings, sets: Record<string, TokenSet>): Promise<void> {
    const missing = await this.#call<number>('keepAll', settings, sets);
    if (missing > 0) throw new Error(`${missing} token sets were not stored`);
  }

  /** The stored access token of a consent, valid or not. */
  stored(settings: Settings, consent: string): Promise<string | undefined> {
    return this.#call('stored', settings, consent);
  }

  list(settings: Settings): Promise<string[]> {
    return this.#call('list', settings);
  }

  forget(settings: Settings, consent: string): Promise<boolean> {
    return this.#call('forget', settings, consent);
  }

  /** Suspends the process (SIGSTOP). */
  suspend(): void {
    this.child.kill('SIGSTOP');
  }

  /** Lets a suspended process go on (SIGCONT). */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Kills the process (SIGKILL). Its open requests fail. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  #call<Result>(method: string, ...given: unknown[]): Promise<Result> {
    const id = ++this.#count;
    return new Promise<Result>((done, fail) => {
      this.#answers.set(id, { done, fail });
      this.child.send({ id, method, given }, (error) => {
        if (error) fail(error);
      });
    });
  }
}

interface Answer {
  id: number;
  result?: unknown;
  failure?: { code?: string; message: string };
}
