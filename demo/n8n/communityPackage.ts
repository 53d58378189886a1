import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import { dataFolder, type N8nHome } from './environment';
import { npm, npmFailureReason } from './npm';
import { demoDirectory } from './runtime';

/** A package as n8n installs it: unpacked, with its dependencies. */
export interface UnpackedPackage {
  name: string;
  version: string;
  directory: string;
}

interface Manifest {
  name: string;
  version: string;
}

/**
 * Packs a package and installs it as n8n does: `npm pack`, `tar`, removal of development, peer and
 * optional dependencies from its package.json, and then `npm install` in it, without install scripts.
 *
 * The result is stored by the hash of the tarball, so that an unchanged package is not installed again.
 *
 * @param root folder of the built package
 * @throws {@link DemoFailure} if npm or tar fails
 */
export async function unpackPackage(
  root: string,
  cache = demoDirectory(),
): Promise<UnpackedPackage> {
  const packages = join(cache, 'packages');
  await mkdir(packages, { recursive: true });
  const work = await mkdtemp(join(packages, 'unpacking-'));
  try {
    const tarball = await pack(root, work);
    const hash = createHash('sha256')
      .update(await readFile(tarball))
      .digest('hex')
      .slice(0, 12);
    const directory = join(packages, hash);
    if (!existsSync(directory)) {
      const unpacked = join(work, 'package');
      await unpack(tarball, unpacked);
      await installDependencies(unpacked);
      // The folder gets its name only when it is complete. If another process was faster, that result is used.
      await rename(unpacked, directory).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    }
    const { name, version } = await readManifest(directory);
    return { name, version, directory };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Adds an unpacked package to the folder and the list of n8n's community packages, and replaces an older one. */
export async function installPackage(home: N8nHome, unpacked: UnpackedPackage): Promise<void> {
  const nodes = join(dataFolder(home), 'nodes');
  const target = join(nodes, 'node_modules', unpacked.name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(unpacked.directory, target, { recursive: true });
  const list = {
    name: 'installed-nodes',
    private: true,
    dependencies: { [unpacked.name]: unpacked.version },
  };
  await writeFile(join(nodes, 'package.json'), JSON.stringify(list, null, 2));
}

async function pack(root: string, destination: string): Promise<string> {
  const packed = await npm(
    ['pack', '--json', '--ignore-scripts', '--loglevel=error', `--pack-destination=${destination}`],
    root,
  );
  if (packed.code !== 0) {
    throw new DemoFailure(
      `This package could not be packed, because ${npmFailureReason(packed.messages)}.`,
    );
  }
  const [entry] = JSON.parse(packed.stdout) as Array<{ filename: string }>;
  if (!entry) throw new DemoFailure('This package could not be packed: npm pack named no file.');
  return join(destination, entry.filename);
}

async function unpack(tarball: string, directory: string): Promise<void> {
  await mkdir(directory);
  const { status, error } = spawnSync('tar', [
    '-xzf',
    tarball,
    '-C',
    directory,
    '--strip-components=1',
  ]);
  if (error || status !== 0) {
    throw new DemoFailure(
      'The packed package could not be unpacked: n8n’s installer needs the command tar.',
    );
  }
}

async function installDependencies(directory: string): Promise<void> {
  const manifest: Record<string, unknown> = { ...(await readManifest(directory)) };
  for (const group of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
    delete manifest[group];
  }
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  const { code, messages } = await npm(
    [
      'install',
      '--audit=false',
      '--fund=false',
      '--bin-links=false',
      '--install-strategy=shallow',
      '--ignore-scripts=true',
      '--package-lock=false',
      '--loglevel=error',
    ],
    directory,
  );
  if (code !== 0) {
    throw new DemoFailure(
      `This package’s dependencies could not be installed, because ${npmFailureReason(messages)}: ` +
        'fix that, and run the command again.',
    );
  }
}

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest;
}
