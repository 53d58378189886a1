import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm } from '../../demo/n8n/npm';
import { dataFolder } from '../../demo/n8n/environment';
import { installRuntime } from '../../demo/n8n/runtime';
import type { TemporaryN8n } from './n8nWithPackage';

/** A fresh n8n in which a person has installed the package from its tarball. */
export interface HandInstalledN8n extends TemporaryN8n {
  /** The places of all packages that npm brought, such as `node_modules/jose`. */
  packages: string[];
  /** What npm printed. */
  messages: string;
}

/**
 * Packs the package as it is built now, and installs the tarball as README says: `npm install <tarball>`, with no other argument,
 * in the folder `nodes` of an n8n that has never been started.
 */
export async function n8nInstalledByHand(): Promise<HandInstalledN8n> {
  const runtime = await installRuntime();
  const userFolder = await mkdtemp(join(tmpdir(), 'open-banking-n8n-'));
  const remove = () => rm(userFolder, { recursive: true, force: true });
  const nodes = join(dataFolder({ userFolder }), 'nodes');
  await mkdir(nodes, { recursive: true });
  const root = join(__dirname, '..', '..');
  const packed = await npm(
    ['pack', '--json', '--ignore-scripts', `--pack-destination=${userFolder}`],
    root,
  );
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const { code, stdout, messages } = await npm(['install', join(userFolder, filename)], nodes);
  if (code !== 0) throw new Error(`npm install failed: ${messages}`);
  const lock = join(nodes, 'node_modules', '.package-lock.json');
  const { packages } = JSON.parse(await readFile(lock, 'utf8')) as { packages: object };
  return {
    ...{ runtime, userFolder, remove },
    packages: Object.keys(packages).filter((place) => existsSync(join(nodes, place))),
    messages: `${stdout}${messages}`,
  };
}
