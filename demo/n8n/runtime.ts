import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import { exclusively } from './exclusively';
import { headersDirectory, nodeExecutable } from './nodeExecutable';
import { npm, npmFailureReason, type NpmResult } from './npm';
import { withProgress } from './progress';

/** An n8n that can be installed, with the Node.js for it. */
export interface RuntimeDefinition {
  /** Folder of the package.json and package-lock.json with both. */
  folder: string;
  /** The oldest major version of an installed Node.js that may run it, if the registry has no Node.js for the platform. */
  oldestNode: number;
  /** Disk space. */
  requiredBytes: number;
  /**
   * Modules of n8n to switch off, because they call n8n's servers on the internet, and no journey needs them. n8n does not start if the
   * list names a module that it does not have.
   */
  disabledModules: readonly string[];
}

/** The n8n of the demonstration and the end-to-end tests. */
const current: RuntimeDefinition = {
  folder: join(__dirname, 'runtime'),
  oldestNode: 24,
  requiredBytes: 3.5e9,
  disabledModules: ['mcp-registry', 'instance-ai', 'agents', 'chat-hub'],
};

/** An installed n8n with the Node.js that runs it. */
export interface N8nRuntime {
  directory: string;
  /** The Node.js executable. */
  node: string;
  /** The script that is n8n's command line. */
  n8n: string;
  /** See {@link RuntimeDefinition}. */
  disabledModules: readonly string[];
}

/** The folder of installed runtimes and packed packages: `OPEN_BANKING_DEMO_DIRECTORY`, or `.demo` in the clone. */
export function demoDirectory(): string {
  return process.env['OPEN_BANKING_DEMO_DIRECTORY'] ?? join(__dirname, '..', '..', '.demo');
}

/**
 * Installs the packages of a definition's package-lock.json, unless they are installed already.
 *
 * Install scripts do not run, because most of them download binaries that are not needed; only sqlite3 is
 * downloaded or compiled.
 *
 * @throws {@link DemoFailure} on an unsupported platform, without disk space, or if a step fails
 */
export async function installRuntime(
  definition = current,
  cache = demoDirectory(),
): Promise<N8nRuntime> {
  const lock = await readFile(join(definition.folder, 'package-lock.json'));
  const manifest = await readFile(join(definition.folder, 'package.json'));
  const hash = createHash('sha256').update(lock).update(manifest).digest('hex').slice(0, 12);
  const directory = join(cache, `n8n-${hash}`);
  const runtime: N8nRuntime = {
    directory,
    node: nodeExecutable(directory, definition.oldestNode),
    n8n: join(directory, 'node_modules', 'n8n', 'bin', 'n8n'),
    disabledModules: definition.disabledModules,
  };
  const marker = join(directory, '.installed');
  if (existsSync(marker)) return runtime;
  await mkdir(cache, { recursive: true });
  await exclusively(`${directory}.lock`, 'another command is installing n8n', async () => {
    if (existsSync(marker)) return;
    await requireDiskSpace(cache, definition.requiredBytes);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    await copyFile(join(definition.folder, 'package.json'), join(directory, 'package.json'));
    await copyFile(
      join(definition.folder, 'package-lock.json'),
      join(directory, 'package-lock.json'),
    );
    await install(runtime, packagesEverywhere(lock.toString()), definition.requiredBytes);
    await writeFile(marker, `${new Date().toISOString()}\n`);
  });
  return runtime;
}

async function install(runtime: N8nRuntime, paths: string[], bytes: number): Promise<void> {
  const { directory } = runtime;
  const logFile = join(directory, 'install.log');
  // npm would repeat each of two thousand requests before it gives up: one request shows whether the registry answers.
  const reachable = await npm(['view', 'n8n', 'name', '--fetch-retries=1', ...QUIET], directory, {
    logFile,
  });
  if (reachable.code !== 0) throw notInstalled(reachable, logFile);
  const downloaded = await withProgress(
    `Installing n8n and its Node.js (once, some minutes, ${gigabytes(bytes)})`,
    () =>
      `${paths.filter((path) => isUnpacked(directory, path)).length} of ${paths.length} packages`,
    () => npm(['ci', '--ignore-scripts', ...QUIET], directory, { logFile }),
  );
  if (downloaded.code !== 0) throw notInstalled(downloaded, logFile);
  // If SQLite is compiled, -O1 takes half the time, and this n8n stores little.
  const headers = headersDirectory(runtime.node);
  const built = await withProgress(
    'Preparing n8n’s database driver (once, up to two minutes)',
    () => '',
    () =>
      npm(['rebuild', 'sqlite3', '--ignore-scripts=false', ...QUIET], directory, {
        logFile,
        environment: { CFLAGS: '-O1', ...(headers ? { npm_config_nodedir: headers } : {}) },
      }),
  );
  const loads = spawnSync(runtime.node, ['-e', 'require("sqlite3")'], { cwd: directory });
  if (built.code !== 0 || loads.status !== 0) {
    throw new DemoFailure(
      'n8n’s database driver sqlite3 could be neither downloaded nor compiled: allow access to github.com, ' +
        `or install a C++ compiler, make and Python, and run the command again (details are in ${logFile}).`,
    );
  }
}

function notInstalled({ messages }: NpmResult, logFile: string): DemoFailure {
  return new DemoFailure(
    `n8n could not be installed, because ${npmFailureReason(messages)}: ` +
      `fix that, and run the command again (npm's own words are in ${logFile}).`,
  );
}

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** The paths of the locked packages that are installed on all platforms. */
function packagesEverywhere(lock: string): string[] {
  const { packages } = JSON.parse(lock) as {
    packages: Record<string, { os?: unknown; cpu?: unknown; libc?: unknown }>;
  };
  return Object.entries(packages)
    .filter(([path, { os, cpu, libc }]) => path !== '' && !os && !cpu && !libc)
    .map(([path]) => path);
}

function isUnpacked(directory: string, path: string): boolean {
  return existsSync(join(directory, path, 'package.json'));
}

async function requireDiskSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new DemoFailure(
    `n8n needs ${gigabytes(bytes)} of disk space and ${directory} has ${gigabytes(free)} left: ` +
      'free some space, or name a directory on another disk in OPEN_BANKING_DEMO_DIRECTORY.',
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
