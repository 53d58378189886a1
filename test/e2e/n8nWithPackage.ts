import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { N8n } from '../../demo/n8n/command';
import { installPackage, unpackPackage } from '../../demo/n8n/communityPackage';
import { installRuntime } from '../../demo/n8n/runtime';

/** A fresh n8n with the built package in it, in a temporary folder. */
export interface TemporaryN8n extends N8n {
  remove(): Promise<void>;
}

/** Installs the package, as it is built now, into a new n8n. */
export async function n8nWithPackage(): Promise<TemporaryN8n> {
  const runtime = await installRuntime();
  const userFolder = await mkdtemp(join(tmpdir(), 'open-banking-n8n-'));
  await installPackage({ userFolder }, await unpackPackage(join(__dirname, '..', '..')));
  return { runtime, userFolder, remove: () => rm(userFolder, { recursive: true, force: true }) };
}
