import { existsSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runN8n, type N8n } from '../../demo/n8n/command';
import { installPackage, unpackPackage } from '../../demo/n8n/communityPackage';
import { dataFolder, type N8nQueue } from '../../demo/n8n/environment';
import { installRuntime, type N8nRuntime } from '../../demo/n8n/runtime';

/** A fresh n8n with the built package in it, in a temporary folder. */
export interface TemporaryN8n extends N8n {
  remove(): Promise<void>;
}

/**
 * Installs the built package into a new n8n.
 *
 * @param queue the database and Redis that it shares with others, for queue mode
 * @param parent the folder of its temporary folder
 */
export async function n8nWithPackage(queue?: N8nQueue, parent = tmpdir()): Promise<TemporaryN8n> {
  const runtime = await installRuntime();
  const userFolder = await mkdtemp(join(parent, 'open-banking-n8n-'));
  const remove = () => rm(userFolder, { recursive: true, force: true });
  if (!queue) await copyEmptyDatabase(runtime, userFolder);
  await installPackage({ userFolder }, await unpackPackage(join(__dirname, '..', '..')));
  return { runtime, userFolder, queue, remove };
}

/**
 * Copies the data folder of an n8n that has made its SQLite database, with more than 150 migrations, and nothing else. Each run of jest
 * makes one such folder; each n8n of the run would need some seconds for its own.
 */
async function copyEmptyDatabase(runtime: N8nRuntime, userFolder: string): Promise<void> {
  const run = process.env.OPEN_BANKING_TEST_RUN;
  if (run === undefined) return;
  const empty = join(run, 'empty-n8n');
  if (!existsSync(empty)) {
    const own = await mkdtemp(join(run, 'n8n-'));
    const { code, stderr } = await runN8n({ runtime, userFolder: own }, ['list:workflow']);
    if (code !== 0) throw new Error(`n8n did not make its database: ${stderr}`);
    await rename(own, empty).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // Another worker of jest was faster: its folder is used.
      await rm(own, { recursive: true, force: true });
    });
  }
  await cp(dataFolder({ userFolder: empty }), dataFolder({ userFolder }), { recursive: true });
}
