import { rmSync } from 'node:fs';
import { bundledPackages } from '../../build/bundledPackages';
import { thirdPartyLicenses } from '../../build/thirdPartyLicenses';
import { smallBundle, type InstalledPackage } from '../support/package/smallBundle';

let root: string | undefined;

/** The text for a bundle with one package. */
function licensesOf(installed: InstalledPackage, name = 'a'): string {
  const bundle = smallBundle(`require('${name}')`, { [`node_modules/${name}`]: installed });
  root = bundle.root;
  return thirdPartyLicenses(bundledPackages([bundle.metafile], root), root);
}

afterEach(() => {
  if (root) rmSync(root, { recursive: true, force: true });
});

describe('thirdPartyLicenses', () => {
  it('names each package with its license, and gives the text of its license file', () => {
    const text = licensesOf({ files: { LICENSE: 'Copyright (c) 2026 A\n\nDo as you like.\n' } });
    expect(text).toContain('\n  a 1.0.0  MIT\n');
    expect(text).toContain(
      'a 1.0.0\nLicense: MIT\nFrom: https://registry.npmjs.org/a/-/a-1.0.0.tgz\n\nCopyright (c) 2026 A\n\nDo as you like.\n',
    );
  });

  it('gives the text of a notice file, too', () => {
    const text = licensesOf({
      manifest: { license: 'Apache-2.0' },
      files: { NOTICE: 'A was made by A.' },
    });
    expect(text).toContain('MIT License\n\nA was made by A.\n');
  });

  it('gives the section of the README if a package has no license file', () => {
    const readme = '# A\n\nUse it.\n\n## License\n\nDo as you like.\n\n## Thanks\n\nto B\n';
    const text = licensesOf({ files: { LICENSE: undefined, 'README.md': readme } });
    expect(text).toMatch(/\.tgz\n\nDo as you like\.\n$/);
  });

  it.each([
    ['no license file and no README', { LICENSE: undefined }],
    ['an empty license file', { LICENSE: '\n' }],
    ['a README that says nothing of a license', { LICENSE: undefined, 'README.md': '# A\n' }],
  ])('refuses a package with %s', (_, files) => {
    expect(() => licensesOf({ files })).toThrow('a 1.0.0 is bundled without a license text');
  });

  it.each(['GPL-3.0-only', '(MIT OR GPL-2.0)', 'SEE LICENSE IN LICENSE', 'UNLICENSED'])(
    'refuses a package with the license %s',
    (license) => {
      expect(() => licensesOf({ manifest: { license } })).toThrow(
        `a is bundled, and its license ${license} is not among 0BSD, Apache-2.0,`,
      );
    },
  );

  it('chooses the BSD license of node-forge, and leaves out the text of the other', () => {
    const file =
      'Take one.\n\n---\nNew BSD License\n\n---\n        GNU GENERAL PUBLIC LICENSE\nNo.\n';
    const manifest = { license: '(BSD-3-Clause OR GPL-2.0)' };
    const text = licensesOf({ manifest, files: { LICENSE: file } }, 'node-forge');
    expect(text).toContain('License: BSD-3-Clause, chosen from (BSD-3-Clause OR GPL-2.0)\n');
    expect(text).toMatch(/Take one\.\n\n---\nNew BSD License\n$/);
  });

  it('refuses node-forge if it offers other licenses than the ones that were chosen from', () => {
    const manifest = { license: '(BSD-3-Clause OR GPL-3.0)' };
    expect(() => licensesOf({ manifest }, 'node-forge')).toThrow(
      'its license (BSD-3-Clause OR GPL-3.0) is not among',
    );
  });

  it('gives what the comments of bundled files say, because the bundle has no comments', () => {
    const text = licensesOf({
      files: {
        'index.js':
          "/**\n * Parts are from B, under the MIT license.\n *\n * Copyright (c) 2020 B\n */\nrequire('./c');\nrequire('./d');",
        'c.js': '/* Sums up.\n * Copyright 2021 C\n * A long text. */\nexports.c = 1;',
        'd.js': '// Parses.\n// Public domain, by D.\nexports.d = 1;',
        'unused.js': '// Copyright 2022 E\n',
      },
    });
    expect(text).toContain('Its files also say:\n\nCopyright 2021 C\n\nIn');
    expect(text).toContain(
      'In index.js:\n\nParts are from B, under the MIT license.\n\nCopyright (c) 2020 B\n',
    );
    expect(text).toContain('In d.js:\n\nParses.\nPublic domain, by D.\n');
    expect(text).not.toMatch(/A long text|2022 E/);
  });

  it('refuses a package with WebAssembly of which the license is not known', () => {
    const files = { 'index.js': "exports.code = 'AGFzbQEAAAA=';" };
    expect(() => licensesOf({ files })).toThrow(
      /^index\.js of a 1\.0\.0 is bundled, and contains WebAssembly \(SHA-256 [0-9a-f]{64}\): find out/,
    );
  });
});
