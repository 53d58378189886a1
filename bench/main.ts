/**
 * `npm run bench`: compares this package with its alternatives and with the physical limit, in one run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DemoFailure } from '../demo/failure';
import { endAll, endWithSignals, isEnding } from '../demo/processes';
import { startLatencyProxy } from '../test/support/servers/latencyProxy';
import { startBenchBank } from './bank/server';
import { writeCertificates } from './certificates';
import { measureCredentials } from './measures/credentials/measure';
import { measureDue } from './measures/due/measure';
import { document } from './report/documentation';
import { BenchFailure } from './failure';
import { measureLayers } from './measures/layers/measure';
import { measureLibrary } from './measures/library/measure';
import { installN8n, targetOf } from './measures/n8n/installed';
import { measureN8n } from './measures/n8n/measure';
import type { BenchN8n } from './measures/n8n/session';
import { measurePoll } from './measures/poll/measure';
import { measurePull, ROUND_TRIP } from './measures/pull/measure';
import { parseOptions, usage, type BenchOptions, type Part } from './options';
import {
  credentialsReport,
  dueReport,
  layersReport,
  libraryReport,
  n8nReport,
  pollReport,
  pullReport,
  ratioLines,
  startupReport,
} from './report/report';
import { allRatios, machine, requireRatios, versions, type Results } from './report/results';
import { measureStartup } from './measures/startup/measure';

/** Pages of accounts at the bank. */
const PAGES = 1000;

async function benchmark(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(usage);
  const directory = temporaryDirectory();
  try {
    const loadBefore = loadavg()[0]!;
    const measured = await measure(options, directory);
    const ratios = allRatios(measured);
    console.log(ratioLines(ratios).join('\n'));
    if (options.only) return;
    requireRatios(ratios);
    const results: Results = {
      date: new Date().toISOString().slice(0, 10),
      quick: options.quick,
      machine: machine([loadBefore, loadavg()[0]!]),
      versions: await versions(),
      ...(measured as Pick<Results, Part>),
      ratios,
    };
    await save(results);
  } finally {
    await endAll();
  }
}

/**
 * Makes a folder for the files of this run, which contain keys. It is removed when the process ends, also if a signal ends it: so the
 * removal is synchronous.
 */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'open-banking-bench-'));
  process.once('exit', () =>
    rmSync(directory, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 }),
  );
  return directory;
}

async function measure(
  { effort, only }: BenchOptions,
  directory: string,
): Promise<Partial<Results>> {
  const files = await writeCertificates(directory);
  const bank = await startBenchBank(files, { pages: PAGES });
  const measured: Partial<Results> = {};
  const part = async (name: Part, title: string, work: () => Promise<string>): Promise<void> => {
    if (only !== undefined && only !== name) return;
    console.log(`${title} …`);
    const started = performance.now();
    const report = await work();
    const seconds = (performance.now() - started) / 1000;
    console.log(`\n${report}\n\nIn ${seconds.toFixed(0)} seconds.\n`);
  };
  await part('library', 'Tokens by refresh, one contender after the other', async () => {
    measured.library = await measureLibrary(bank, files, effort.libraryRounds);
    return libraryReport(measured.library);
  });
  await part('layers', 'Layer by layer', async () => {
    measured.layers = await measureLayers(bank, files, effort.layerRounds);
    return layersReport(measured.layers);
  });
  await part('startup', 'Start-up', async () => {
    measured.startup = await measureStartup(bank, files, effort.startupRounds);
    return startupReport(measured.startup);
  });
  await part('credentials', 'Many credentials', async () => {
    const { credentialRounds } = effort;
    measured.credentials = await measureCredentials(bank, files, directory, credentialRounds);
    return credentialsReport(measured.credentials);
  });
  await part('due', 'Many consents that are due at once', async () => {
    measured.due = await measureDue(files, directory, effort);
    return dueReport(measured.due);
  });
  await part('poll', 'Polls of many consents with nothing new', async () => {
    measured.poll = await measurePoll(files, directory, effort);
    return pollReport(measured.poll);
  });
  const proxy = await startLatencyProxy(Number(new URL(bank.url).port), ROUND_TRIP);
  try {
    const target = await targetOf(bank, files, `https://127.0.0.1:${proxy.port}`);
    let n8n: Promise<BenchN8n> | undefined;
    const installed = () => (n8n ??= installN8n(directory, target));
    await part('n8n', 'In n8n', async () => {
      measured.n8n = await measureN8n(await installed(), bank, PAGES, effort);
      return n8nReport(measured.n8n);
    });
    await part('pull', 'Pulls of transactions', async () => {
      measured.pull = await measurePull(await installed(), bank, files, target, effort);
      return pullReport(measured.pull);
    });
  } finally {
    // Also after a failure: an open server would keep this process running.
    await proxy.close();
  }
  return measured;
}

/** Writes the results. Git ignores those of a quick run; those of a full run are also written into the documentation. */
async function save(results: Results): Promise<void> {
  const root = join(__dirname, '..');
  const file = results.quick
    ? join(root, 'bench', 'results.quick.json')
    : join(root, 'bench', 'results.json');
  const text = JSON.stringify(results, rounded, 2);
  await writeFile(file, `${text}\n`);
  if (!results.quick) await document(JSON.parse(text) as Results);
  console.log(`\nWritten to ${relative(root, file)}.`);
}

/** A number with four digits; a measurement has no more. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

endWithSignals();
// 0 only after the last step: a process that has no more work to wait for ends early, without an error.
process.exitCode = 1;
benchmark()
  .then(() => (process.exitCode = 0))
  .catch((error: unknown) => {
    if (isEnding()) return;
    const isKnown = error instanceof BenchFailure || error instanceof DemoFailure;
    console.error(isKnown ? error.message : error);
  })
  .finally(() => endAll());
