/**
 * `npm run demo`: starts a sandbox bank and a real n8n with this package, and runs the workflows J1, J2 and J5.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBank } from './bank';
import { build } from './build';
import { stayOpen } from './editor';
import { DemoFailure } from './failure';
import { importJourney1, journey1Result } from './journey1';
import { importJourney2, journey2Result } from './journey2';
import { redirectUriAt } from './journey3';
import { importJourney5, journey5Result } from './journey5';
import type { N8n } from './n8n/command';
import { installPackage, unpackPackage } from './n8n/communityPackage';
import { dataFolder } from './n8n/environment';
import { execute } from './n8n/execution';
import { installRuntime } from './n8n/runtime';
import { parseOptions, usage } from './options';
import { requireFreePort } from './ports';
import { endAll, endWithSignals, isEnding } from './processes';
import { lastLine, pullReport, report, rowsReport } from './report';

const root = join(__dirname, '..');

async function demonstrate(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(usage);

  await requireFreePort(options.identityPort, 'the bank’s identity server', '--identity-port');
  await requireFreePort(options.gatewayPort, 'the bank’s API gateway', '--gateway-port');
  if (!options.once) await requireFreePort(options.port, 'the n8n editor', '--port');

  const userFolder = join(options.directory, 'user');
  await mkdir(userFolder, { recursive: true });
  const n8n: N8n = { userFolder, runtime: await installRuntime() };

  console.log('Building the package and starting the sandbox bank …');
  const [bank] = await Promise.all([
    startBank({
      ...options,
      directory: join(options.directory, 'bank'),
      redirectUri: redirectUriAt(options.port),
    }),
    build(root),
  ]);
  console.log(`The bank answers at ${bank.ready.identityUrl} and ${bank.ready.gatewayUrl}.`);

  console.log('Packing the package and installing it into n8n …');
  await installPackage(n8n, await unpackPackage(root));

  await forgetTokens(n8n);
  console.log('Importing the credential and the workflow from examples/ …');
  const workflow = await importJourney1(n8n, bank);

  console.log(`Running "${workflow.name}" in n8n …`);
  const result = journey1Result(await execute(n8n, workflow.id));
  console.log(`\n${report(result)}\n`);
  if (result.accounts.length === 0) throw new DemoFailure('The bank returned no account.');
  if (!result.refreshed) throw new DemoFailure('The token was not refreshed.');

  const pull = await importJourney2(n8n, bank);
  console.log(`Running "${pull.name}" twice, with no token in the workflow …`);
  journey2Result(await execute(n8n, pull.id));
  const pulled = journey2Result(await execute(n8n, pull.id));
  console.log(`\n${pullReport(pulled)}\n`);
  if (pulled.accounts.length === 0) throw new DemoFailure('The bank returned no account to J2.');

  const rows = await importJourney5(n8n, bank);
  console.log(`Running "${rows.name}", of which each node pulls by itself …`);
  const data = journey5Result(await execute(n8n, rows.id));
  console.log(`\n${rowsReport(data)}\n`);
  if (data.transactions.length === 0) {
    throw new DemoFailure('The bank returned no transaction to J5.');
  }

  if (!options.once) return stayOpen(n8n, bank, [workflow, pull, rows], options.port);
  await endAll();
  console.log(lastLine(result, pulled, data));
}

/** Removes the stored tokens of an earlier demonstration. Its bank has ended, so J4 would fail for its consents. */
async function forgetTokens(n8n: N8n): Promise<void> {
  for (const end of ['', '-wal', '-shm']) {
    await rm(join(dataFolder(n8n), `open-banking-tokens.sqlite${end}`), { force: true });
  }
}

endWithSignals();
demonstrate()
  .catch((error: unknown) => {
    if (isEnding()) return;
    console.error(error instanceof DemoFailure ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => endAll());
