import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npm } from '../../demo/n8n/npm';
import { name, version } from '../../package.json';

const root = resolve(__dirname, '../..');

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'open-banking-installation-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('a plain npm install of the tarball', () => {
  it("adds one package to a new folder of n8n's nodes, and asks no registry", async () => {
    const packing = ['pack', '--ignore-scripts', `--pack-destination=${folder}`];
    expect(await npm(packing, root)).toMatchObject({ code: 0 });
    const nodes = join(folder, '.n8n', 'nodes');
    await mkdir(nodes, { recursive: true });
    await writeFile(join(nodes, 'package.json'), '{ "private": true }');

    const tarball = join(folder, `${name}-${version}.tgz`);
    const installed = await npm(['install', '--offline', '--no-audit', '--json', tarball], nodes);
    expect(installed).toMatchObject({ code: 0 });
    expect(JSON.parse(installed.stdout)).toMatchObject({ added: 1 });
    const packages = (await readdir(join(nodes, 'node_modules'))).filter((each) => each[0] !== '.');
    expect(packages).toEqual([name]);
  });
});
