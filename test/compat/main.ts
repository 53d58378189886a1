/**
 * `npm run test:compat`: J1 as it is shipped, and what the editor offers, in the newest n8n 1.x on Node.js 22.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBank } from '../../demo/bank';
import { build } from '../../demo/build';
import { DemoFailure } from '../../demo/failure';
import { importJourney1, journey1Result } from '../../demo/journey1';
import { redirectUriAt } from '../../demo/journey3';
import type { N8n } from '../../demo/n8n/command';
import { installPackage, unpackPackage } from '../../demo/n8n/communityPackage';
import { execute } from '../../demo/n8n/execution';
import { installRuntime, type N8nRuntime } from '../../demo/n8n/runtime';
import { endAll, endWithSignals, isEnding } from '../../demo/processes';
import { requireOffered } from './editorTypes';
import { n8n1 } from './n8n1';

const root = join(__dirname, '..', '..');

async function test(): Promise<void> {
  const runtime = await installRuntime(n8n1);
  const name = await versions(runtime);
  const directory = await mkdtemp(join(tmpdir(), 'open-banking-compat-'));
  console.log('Building the package and starting the sandbox bank …');
  const [bank] = await Promise.all([
    startBank({
      ...{ identityPort: 0, gatewayPort: 0, redirectUri: redirectUriAt(5678) },
      directory: join(directory, 'bank'),
    }),
    build(root),
  ]);
  const userFolder = join(directory, 'user');
  await mkdir(userFolder);
  const n8n: N8n = { userFolder, runtime };
  console.log(`Installing the package into ${name} …`);
  await installPackage(n8n, await unpackPackage(root));
  console.log('Importing and running J1 …');
  const workflow = await importJourney1(n8n, bank);
  const { accounts, refreshed } = journey1Result(await execute(n8n, workflow.id));
  if (accounts.length === 0) throw new DemoFailure('The bank returned no account.');
  if (!refreshed) throw new DemoFailure('The token was not refreshed.');
  console.log('Starting n8n and reading what its editor offers …');
  await requireOffered(n8n);
  await endAll();
  await rm(directory, { recursive: true, force: true });
  console.log(
    `compat: ${name}: J1 ok accounts=${accounts.length} refreshed=true, nodes and credential offered`,
  );
}

/** The versions as text: "n8n 1.123.81 on Node.js 22.23.3". */
async function versions({ directory, node }: N8nRuntime): Promise<string> {
  const manifest = await readFile(join(directory, 'node_modules', 'n8n', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const said = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return `n8n ${version} on Node.js ${said.replace(/^v/, '')}`;
}

endWithSignals();
test()
  .catch((error: unknown) => {
    if (isEnding()) return;
    console.error(error instanceof DemoFailure ? `compat: ${error.message}` : error);
    process.exitCode = 1;
  })
  .finally(() => endAll());
