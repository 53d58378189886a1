import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { N8n } from '../../demo/n8n/command';
import { installPackage, unpackPackage } from '../../demo/n8n/communityPackage';
import type { N8nQueue } from '../../demo/n8n/environment';
import { installRuntime } from '../../demo/n8n/runtime';

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
  await installPackage({ userFolder }, await unpackPackage(join(__dirname, '..', '..')));
  const remove = () => rm(userFolder, { recursive: true, force: true });
  return { runtime, userFolder, queue, remove };
}
