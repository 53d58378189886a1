import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import { freePort } from '../ports';
import { start } from '../processes';
import { n8nEnvironment, type N8nHome } from './environment';
import type { N8nRuntime } from './runtime';

/** An n8n that can run commands: what is installed, and where it keeps its data. */
export interface N8n extends N8nHome {
  runtime: N8nRuntime;
  /** A CommonJS file that is loaded into it before its own code. Absolute path. */
  preload?: string;
}

/** How a command of n8n ended. */
export interface N8nCommandResult {
  /** Exit code; null when it was ended by a signal. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Starts n8n with a command line of its own, such as `['start']`.
 *
 * @param port what it is to listen on, where it listens
 */
export async function startN8n(n8n: N8n, args: string[], port?: number): Promise<ChildProcess> {
  const preloads = [join(__dirname, 'endWithParent.cjs'), ...(n8n.preload ? [n8n.preload] : [])];
  const flags = preloads.flatMap((file) => ['--require', file]);
  return start(n8n.runtime.node, [...flags, n8n.runtime.n8n, ...args], {
    cwd: n8n.userFolder,
    env: {
      ...n8nEnvironment(n8n, await freePort(), port),
      N8N_DISABLED_MODULES: n8n.runtime.disabledModules.join(','),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Runs a command of n8n to its end. */
export async function runN8n(n8n: N8n, args: string[]): Promise<N8nCommandResult> {
  const child = await startN8n(n8n, args);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', (exitCode) => resolve(exitCode));
    child.once('error', reject);
  });
  return { code, stdout, stderr };
}

/**
 * Imports credentials with `n8n import:credentials`; those with the same id are replaced.
 *
 * @param file JSON array of credentials with their data in the clear
 * @throws {@link DemoFailure} when n8n says that it did not
 */
export async function importCredentials(n8n: N8n, file: string): Promise<void> {
  await importWith(n8n, 'import:credentials', file);
}

/**
 * Imports workflows with `n8n import:workflow`; those with the same id are replaced.
 *
 * @param file JSON of one workflow, or of an array of them
 * @throws {@link DemoFailure} when n8n says that it did not
 */
export async function importWorkflows(n8n: N8n, file: string): Promise<void> {
  await importWith(n8n, 'import:workflow', file);
}

async function importWith(n8n: N8n, command: string, file: string): Promise<void> {
  const { code, stdout, stderr } = await runN8n(n8n, [command, `--input=${file}`]);
  if (code === 0 && stdout.includes('Successfully imported')) return;
  const [reason] = stderr.trim().split('\n').slice(-1);
  throw new DemoFailure(
    `n8n ${command} did not import what it was given${reason ? `: ${reason}` : '.'}`,
  );
}
