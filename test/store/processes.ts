import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { closeAfterTest } from '../support/servers/closing';
import type { Report, Task } from './storeProcess';

/** The end of a process with a store. */
export interface Ending {
  /** Names of the records that it held or had stored; `undefined` if it was killed before its report. */
  names: string[] | undefined;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Carries out each task in a separate process, all at the same time, and waits until all processes have ended. */
export async function inProcesses(tasks: Task[]): Promise<Ending[]> {
  const children = await Promise.all(tasks.map(startProcess));
  return Promise.all(children.map((child, index) => carryOut(child, tasks[index]!)));
}

async function startProcess(): Promise<ChildProcess> {
  const child = fork(resolve(__dirname, 'storeProcess.ts'), {
    execArgv: ['--import', 'tsx'],
    cwd: resolve(__dirname, '../..'),
  });
  const exited = once(child, 'exit');
  closeAfterTest(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await once(child, 'message');
  return child;
}

async function carryOut(child: ChildProcess, task: Task): Promise<Ending> {
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let report: Report | undefined;
  child.once('message', (message) => (report = message as Report));
  child.send(task);
  const [code, signal] = await exited;
  if (report && 'failure' in report) throw new Error(report.failure);
  return { names: report?.names, code, signal };
}
