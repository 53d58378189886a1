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
    const { LICENSE: _, ...files } = {
      LICENSE: '',
      'README.md': '# A\n\nUse it.\n\n## License\n\nDo as you like.\n\n## Thanks\n\nto B\n',
    };
    const text = licensesOf({ files: { ...files, LICENSE: '' } });
    expect(text).toContain('Do as you like.');
  });
});
