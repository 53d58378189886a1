import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder } from '../../demo/n8n/environment';
import { npm } from '../../demo/n8n/npm';
import { installRuntime } from '../../demo/n8n/runtime';
import type { TemporaryN8n } from './n8nWithPackage';

/** A fresh n8n in which a person has installed the package from its tarball. */
export interface HandInstalledN8n extends TemporaryN8n {
  /** The paths of all packages that npm installed, such as `node_modules/jose`. */
  packages: string[];
  /** The output of npm. */
  messages: string;
}

/**
 * Packs the built package, and installs the tarball with the commands of the README in an n8n that has never been started.
 */
export async function n8nInstalledByHand(): Promise<HandInstalledN8n> {
  const runtime = await installRuntime();
  const userFolder = await mkdtemp(join(tmpdir(), 'open-banking-n8n-'));
  const remove = () => rm(userFolder, { recursive: true, force: true });
  const root = join(__dirname, '..', '..');
  const packed = await npm(
    ['pack', '--json', '--ignore-scripts', `--pack-destination=${userFolder}`],
    root,
  );
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const lines = /^mkdir -p ~\/\.n8n\/nodes\n[^`]*/m.exec(readme)?.[0];
  if (!lines?.includes(`/path/to/${filename}`)) throw new Error(`README installs no ${filename}`);
  const { stdout, stderr, status } = spawnSync('sh', ['-e'], {
    cwd: userFolder,
    env: { ...process.env, ...npmSettings(), HOME: userFolder },
    input: lines.replace('/path/to', userFolder),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`README's lines for the installation failed: ${stderr}`);
  const nodes = join(dataFolder({ userFolder }), 'nodes');
  const lock = join(nodes, 'node_modules', '.package-lock.json');
  const { packages } = JSON.parse(await readFile(lock, 'utf8')) as { packages: object };
  return {
    ...{ runtime, userFolder, remove },
    packages: Object.keys(packages),
    messages: `${stdout}${stderr}`,
  };
}

/** npm finds its settings and its cache in the home directory, which is another one here. */
function npmSettings(): NodeJS.ProcessEnv {
  const { npm_config_userconfig: settings, npm_config_cache: cache } = process.env;
  return {
    npm_config_userconfig: settings ?? join(homedir(), '.npmrc'),
    npm_config_cache: cache ?? join(homedir(), '.npm'),
  };
}
