import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import type { Metafile } from 'esbuild';
import { writeBillOfMaterials } from '../../build/billFile';
import { bundle } from '../../build/bundle';
import { bundledPackages } from '../../build/bundledPackages';
import { thirdPartyLicenses } from '../../build/thirdPartyLicenses';
import { name, version } from '../../package.json';
import { packedFiles } from '../support/package/packedFiles';
import { packedPackage } from '../support/package/packedPackage';

/** The part of a bill that these tests read. */
interface Bill {
  serialNumber: string;
  metadata: { timestamp?: string; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

interface Component {
  name: string;
  version: string;
  purl: string;
  'bom-ref': string;
  hashes: { alg: string; content: string }[];
  licenses: { license: { id: string } }[];
  externalReferences: { type: string; url: string }[];
  components?: Component[];
}

const root = resolve(__dirname, '../..');
const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string; integrity: string; hasInstallScript?: true }>;
};

/** A second build of the sources that were packed. */
const folder = join(process.env.OPEN_BANKING_TEST_RUN!, `second-build-${process.pid}`);
let metafiles: Metafile[];
/** The bill as the command writes it. */
let text: string;
let bill: Bill;

beforeAll(async () => {
  process.env.SOURCE_DATE_EPOCH = '1000000000';
  mkdirSync(folder);
  metafiles = await bundle(folder);
  text = written();
  bill = JSON.parse(text) as Bill;
});

const packed = (path: string) => readFileSync(join(packedPackage, path));
const written = (from = metafiles) => readFileSync(writeBillOfMaterials(from, folder), 'utf8');
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** Name and version of each package that the licenses in the tarball name, with its license. */
const licensed = () =>
  [
    ...packed('dist/THIRD-PARTY-LICENSES')
      .toString()
      .matchAll(/^ {2}(\S+ \d\S*) +(\S+)$/gm),
  ].map(([, title, license]) => `${title} ${license}`);

describe('a second build', () => {
  it('has the bytes of the packed one', () => {
    for (const file of ['start.js', 'behind.js', 'sqliteThread.js']) {
      expect(readFileSync(join(folder, file)).equals(packed(`dist/${file}`))).toBe(true);
    }
    expect(thirdPartyLicenses(bundledPackages(metafiles))).toBe(
      packed('dist/THIRD-PARTY-LICENSES').toString(),
    );
  });
});

describe('the bill of materials', () => {
  it('is valid CycloneDX 1.6', async () => {
    expect(await validator.validate(text)).toBeNull();
    const broken = text.replace('"type": "library"', '"type": "libary"');
    expect(await validator.validate(broken)).not.toBeNull();
  });

  it('is named after the tarball', () => {
    expect(basename(writeBillOfMaterials(metafiles, folder))).toBe(`${name}-${version}.cdx.json`);
  });

  it('is about this package, with the hash of each script in the tarball', () => {
    const { component } = bill.metadata;
    expect(component).toMatchObject({
      ...{ name, version, purl: `pkg:npm/${name}@${version}` },
      licenses: [{ license: { id: 'MIT' } }],
    });
    const scripts = packedFiles().filter((path) => /^dist\/.*\.js$/.test(path));
    expect(component.components!.map((file) => [file.name, file.hashes])).toEqual(
      scripts.map((path) => {
        const content = createHash('sha512').update(packed(path)).digest('hex');
        return [path, [{ alg: 'SHA-512', content }]];
      }),
    );
  });

  it('has the packages of the licenses, with the same versions and licenses', () => {
    const titles = bill.components.map(
      (component) => `${component.name} ${component.version} ${component.licenses[0]!.license.id}`,
    );
    expect(titles.length).toBeGreaterThan(10);
    expect(titles).toEqual(licensed());
  });

  it('has the packages that the bundler names in the packed scripts', () => {
    // The bundler writes the path of each source above its code.
    const scripts = packed('dist/behind.js').toString() + packed('dist/start.js').toString();
    const sources = scripts.matchAll(/^ *\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\/\S+$/gm);
    const names = new Set([...sources].map(([, name]) => name!));
    expect(bill.components.map((component) => component.name)).toEqual([...names].sort());
  });

  it('has version, address and hash of each package from the lock file', () => {
    for (const component of bill.components) {
      const { version, purl, hashes, externalReferences } = component;
      const entry = locked[`node_modules/${component.name}`]!;
      expect(version).toBe(entry.version);
      expect(purl).toBe(`pkg:npm/${component.name}@${entry.version}`);
      const content = Buffer.from(entry.integrity.slice('sha512-'.length), 'base64').toString(
        'hex',
      );
      expect(hashes).toEqual([{ alg: 'SHA-512', content }]);
      expect(externalReferences).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            type: 'vcs',
            url: expect.stringMatching(/^(git\+)?https:|^git:/),
          }),
          expect.objectContaining({
            type: 'distribution',
            url: `https://registry.npmjs.org/${component.name}/-/${component.name}-${version}.tgz`,
          }),
        ]),
      );
    }
  });

  it('has no package with an install script, and only licenses that this package may contain', () => {
    const names = bill.components.map((component) => component.name);
    expect(names.filter((name) => locked[`node_modules/${name}`]!.hasInstallScript)).toEqual([]);
    expect(locked['node_modules/esbuild']).toHaveProperty('hasInstallScript', true);
    const parts = bill.components.flatMap((component) => [
      component,
      ...(component.components ?? []),
    ]);
    const licenses = new Set(parts.map((part) => part.licenses[0]!.license.id));
    expect([...licenses].sort()).toEqual(['BSD-3-Clause', 'ISC', 'MIT']);
  });

  it('says which package imports which, from this package to each of them', () => {
    const importsOf = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
    const own = bill.metadata.component['bom-ref'];
    expect(importsOf.get(own)!.map((ref) => ref.replace(/^.*\//, ''))).toEqual([
      ...['jose', 'node-forge', 'pg', 'undici'],
    ]);
    const reached = new Set<string>([own]);
    for (const ref of reached) importsOf.get(ref)!.forEach((other) => reached.add(other));
    expect([...reached].sort()).toEqual(
      [own, ...bill.components.map((component) => component['bom-ref'])].sort(),
    );
  });

  it('has the license that was chosen of several, and those that were offered', () => {
    expect(bill.components.find((component) => component.name === 'node-forge')).toMatchObject({
      licenses: [{ license: { id: 'BSD-3-Clause', acknowledgement: 'concluded' } }],
      evidence: {
        licenses: [{ expression: '(BSD-3-Clause OR GPL-2.0)', acknowledgement: 'declared' }],
      },
    });
  });

  it('has the compiled code of others within a package', () => {
    const undici = bill.components.find((component) => component.name === 'undici')!;
    expect(undici.components).toMatchObject([
      { name: 'llhttp', version: '9.3.0', purl: 'pkg:github/nodejs/llhttp@v9.3.0' },
      { name: 'wasi-libc', licenses: [{ license: { id: 'MIT' } }] },
    ]);
  });

  it('is the same for the same sources, in whatever order the bundler reports them', () => {
    const reversed = (object: object) => Object.fromEntries(Object.entries(object).reverse());
    const others = metafiles.map(({ inputs, outputs }) => ({
      inputs: reversed(inputs),
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([path, output]) => [
          path,
          { ...output, inputs: reversed(output.inputs) },
        ]),
      ),
    })) as Metafile[];
    expect(written(others.reverse())).toBe(text);
  });

  it('has the time of SOURCE_DATE_EPOCH, and a number made of its content', () => {
    expect(bill.metadata.timestamp).toBe('2001-09-09T01:46:40.000Z');
    expect(bill.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    process.env.SOURCE_DATE_EPOCH = '1000000001';
    expect((JSON.parse(written()) as Bill).serialNumber).not.toBe(bill.serialNumber);
  });

  it('has the time of the last commit without SOURCE_DATE_EPOCH', () => {
    delete process.env.SOURCE_DATE_EPOCH;
    const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root });
    const time = new Date(Number(seconds) * 1000).toISOString();
    expect((JSON.parse(written()) as Bill).metadata.timestamp).toBe(time);
  });

  it('does not name the folder of the build', () => {
    expect(text).not.toContain(root);
    expect(text).not.toContain(folder);
  });
});
