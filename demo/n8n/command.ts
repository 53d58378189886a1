import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import { freePort } from '../ports';
import { start } from '../processes';
import { n8nEnvironment, type N8nHome } from './environment';
import type { N8nRuntime } from './runtime';

/** An n8n that can run commands: its installation, and the folder of its data. */
export interface N8n extends N8nHome {
  runtime: N8nRuntime;
  /** Absolute path of a CommonJS file that n8n loads before its own code. */
  preload?: string;
  /** Variables of its environment in addition to those of `n8nEnvironment`, or in their place. */
  environment?: NodeJS.ProcessEnv;
}

/** The result of an n8n command. */
export interface N8nCommandResult {
  /** Exit code; `null` if a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Starts n8n with a command line of its own, such as `['start']`.
 *
 * @param port on which it listens, if it listens
 */
export async function startN8n(n8n: N8n, args: string[], port?: number): Promise<ChildProcess> {
  const preloads = [join(__dirname, 'endWithParent.cjs'), ...(n8n.preload ? [n8n.preload] : [])];
  const flags = preloads.flatMap((file) => ['--require', file]);
  return start(n8n.runtime.node, [...flags, n8n.runtime.n8n, ...args], {
    cwd: n8n.userFolder,
    env: {
      ...n8nEnvironment(n8n, await freePort(), port),
      N8N_DISABLED_MODULES: n8n.runtime.disabledModules.join(','),
      ...n8n.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Runs a command of n8n and waits for its end. */
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
 * Imports credentials with `n8n import:credentials`; those with the same ID are replaced.
 *
 * @param file JSON array of credentials, whose data is not encrypted
 * @throws {@link DemoFailure} if n8n does not import them
 */
export async function importCredentials(n8n: N8n, file: string): Promise<void> {
  await importWith(n8n, 'import:credentials', file);
}

/**
 * Imports workflows with `n8n import:workflow`; those with the same ID are replaced.
 *
 * @param file JSON of one workflow, or of an array of them
 * @throws {@link DemoFailure} if n8n does not import them
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
