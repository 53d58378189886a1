import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BankSettings } from '../../../core/profile/settings';
import type { KeepingSettings } from '../../../core/tokens/settings';

/** The request to a process. */
export interface Order {
  settings: BankSettings & KeepingSettings;
  consents: { consent: string; options?: { firstRefreshToken?: string } }[];
  /** Number of requests at the same time. */
  concurrency: number;
}

/** The result of one consent. */
export interface AskedToken {
  accessToken?: string;
  remarks?: string[];
  code?: string;
  message?: string;
  description?: string;
  milliseconds: number;
}

/** Another process that uses the built package, as a worker of n8n does. */
export class AskingProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** @param userFolder the folder of the SQLite file */
  static async start(userFolder: string): Promise<AskingProcess> {
    const child = fork(join(__dirname, '../../store/askingProcess.cjs'), {
      env: { ...process.env, N8N_USER_FOLDER: userFolder },
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new AskingProcess(child);
  }

  async ask(order: Order): Promise<AskedToken[]> {
    this.child.send(order);
    const [{ answers, failure }] = (await once(this.child, 'message')) as [
      { answers?: AskedToken[]; failure?: string },
    ];
    if (!answers) throw new Error(failure);
    return answers;
  }

  /** Sends the request, and kills the process by SIGKILL after a number of milliseconds. */
  async killWhileAsking(order: Order, milliseconds: number): Promise<void> {
    this.child.send(order);
    await new Promise((done) => setTimeout(done, milliseconds));
    await this.kill();
  }

  /** Stops the process by SIGSTOP, or lets it go on by SIGCONT. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
