import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { installRuntime } from '../../demo/n8n/runtime';
import type { CredentialsResult } from '../measures/credentials/measure';
import type { DueResult } from '../measures/due/result';
import { BenchFailure } from '../failure';
import type { LayersResult } from '../measures/layers/measure';
import type { LibraryResult } from '../measures/library/measure';
import type { N8nResult } from '../measures/n8n/measure';
import type { StartupResult } from '../measures/startup/measure';
import type { PollResult } from '../measures/poll/measure';
import type { PullResult } from '../measures/pull/measure';
import { distribution, type Distribution } from './statistics';

/** The results of a run. */
export interface Results {
  /** Day of the run, ISO 8601. */
  date: string;
  quick: boolean;
  machine: {
    platform: string;
    cpus: number;
    /** GiB. */
    memory: number;
    /** Load average of the last minute, at the start and at the end of the run. */
    load: number[];
  };
  versions: Record<string, string>;
  library: LibraryResult;
  layers: LayersResult;
  startup: StartupResult;
  credentials: CredentialsResult;
  due: DueResult;
  poll: PollResult;
  n8n: N8nResult;
  pull: PullResult;
  ratios: Record<string, Distribution>;
}

/** Goals, by the names of the ratios. The goals for speed are floors: a real bank needs more time than everything that is measured here. */
export const goals: Record<string, { atLeast: number } | { atMost: number }> = {
  of_limit_c1: { atLeast: 0.35 },
  of_limit_c16: { atLeast: 0.7 },
  vs_curl: { atLeast: 15 },
  vs_openid_client: { atLeast: 1 },
  vs_oauth4webapi_fetch: { atLeast: 1 },
  vs_axios_new_agent: { atLeast: 6 },
  vs_n8n_diy_time: { atLeast: 3.5 },
  scale_10_to_10000: { atMost: 1.1 },
  due_1000_sqlite: { atMost: 3 },
  due_1000_slow_disk: { atMost: 1.2 },
  due_1000_postgres_0ms: { atMost: 3 },
  due_1000_postgres_50ms: { atMost: 1.2 },
  due_1000_postgres_200ms: { atMost: 1.2 },
  due_1000_hold: { atMost: 0.1 },
  poll_1000_sqlite: { atMost: 60 },
  poll_1000_postgres: { atMost: 60 },
  poll_connections: { atMost: 32 },
  poll_memory_mib: { atMost: 8 },
  pull_vs_http_request: { atLeast: 6 },
  pull_vs_http_request_20ms: { atLeast: 2.5 },
  pull_memory_vs_http_request: { atMost: 0.6 },
  pull_connections_per_1000_pages: { atMost: 5 },
  pull_of_limit: { atLeast: 0.7 },
  pull_scale: { atMost: 1.2 },
  load_ms: { atMost: 30 },
  load_mib: { atMost: 10 },
};

/** The ratios that each run must contain, with or without a goal. */
export const requiredRatios: readonly string[] = [
  ...Object.keys(goals),
  'vs_simple_oauth2',
  'vs_n8n_diy_memory',
];

/** @throws BenchFailure if one of {@link requiredRatios} is missing or is not a number */
export function requireRatios(ratios: Record<string, Distribution>): void {
  const absent = requiredRatios.filter((name) => !Number.isFinite(ratios[name]?.median));
  if (absent.length > 0) throw new BenchFailure(`The run has no ${absent.join(', ')}.`);
}

/** Whether a ratio reaches its goal; `undefined` if it has no goal. */
export function isReached(name: string, { median }: Distribution): boolean | undefined {
  const goal = goals[name];
  if (!goal) return undefined;
  return 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
}

/** All ratios of the parts that ran, in the order of the parts. */
export function allRatios(measured: Partial<Results>): Record<string, Distribution> {
  const { library, startup, credentials, due, poll, n8n, pull } = measured;
  return {
    ...library?.ratios,
    ...n8n?.ratios,
    ...(n8n && {
      token_requests_per_1000_pages: distribution([
        (n8n.pages.tokenRequests * 1000) / n8n.pages.pages,
      ]),
    }),
    ...credentials?.ratios,
    ...due?.ratios,
    ...poll?.ratios,
    ...pull?.ratios,
    ...(startup && {
      load_ms: startup.load.milliseconds,
      load_mib: startup.load.mebibytes,
      first_token_ms: startup.firstToken.milliseconds,
      first_token_mib: startup.firstToken.mebibytes,
    }),
  };
}

/** Versions of all programs and libraries of the benchmark. */
export async function versions(): Promise<Record<string, string>> {
  const [, curl = 'unknown'] =
    /^curl (\S+)/.exec(execFileSync('curl', ['--version'], { encoding: 'utf8' })) ?? [];
  const packages = ['jose', 'undici', 'oauth4webapi', 'openid-client', 'simple-oauth2', 'axios'];
  return {
    node: process.versions.node,
    openssl: process.versions.openssl,
    curl,
    ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    n8n: n8nVersion(),
    n8n_node: await n8nNodeVersion(),
  };
}

/** The properties of the machine that the figures depend on. They contain no names and no paths. */
export function machine(load: number[]): Results['machine'] {
  return {
    platform: `${process.platform} ${process.arch}`,
    cpus: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    load: load.map((value) => Number(value.toFixed(2))),
  };
}

function versionOf(name: string): string {
  const file = join(__dirname, '..', '..', 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The version of the Node.js that n8n runs on. */
async function n8nNodeVersion(): Promise<string> {
  const { node } = await installRuntime();
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '');
}

function n8nVersion(): string {
  const file = join(__dirname, '..', '..', 'demo', 'n8n', 'runtime', 'package.json');
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    dependencies: { n8n: string };
  };
  return dependencies.n8n;
}
