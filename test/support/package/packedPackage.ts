import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { installPackage, unpackPackage } from '../../../demo/n8n/communityPackage';
import { name } from '../../../package.json';

const root = resolve(__dirname, '../../..');

/** The folder of this run of jest: n8n's user folder of the tests. */
const userFolder = process.env.OPEN_BANKING_TEST_RUN!;

/** The folder of the package as n8n installed it for this run of jest, from the tarball that `npm pack` makes. */
export const packedPackage = join(userFolder, '.n8n', 'nodes', 'node_modules', name);

/** Packs and installs the built package as n8n does. Of its libraries it finds only `n8n-workflow`, which n8n provides. */
export async function installPackedPackage(): Promise<void> {
  await installPackage({ userFolder }, await unpackPackage(root, userFolder));
  const provided = join(userFolder, 'node_modules', 'n8n-workflow');
  await mkdir(dirname(provided), { recursive: true });
  await symlink(join(root, 'node_modules', 'n8n-workflow'), provided, 'junction');
}
