import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { faultsOfOwner, repositoryOf, type Manifest } from '../../../build/release/ownerValues.mjs';
import { manifest } from '../../support/package/releasable';

describe('faultsOfOwner', () => {
  it('accepts values of an owner', () => {
    expect(faultsOfOwner(manifest)).toEqual([]);
  });

  it.each<[string, Partial<Manifest>, RegExp]>([
    ['no author', { author: undefined }, /author\.name is empty/],
    ['an author without a name', { author: { ...manifest.author, name: '' } }, /author\.name/],
    ['no e-mail', { author: { name: 'A' } }, /author\.email is no e-mail address/],
    ...[
      ...['a@b.example', 'a@example.com', 'a@mail.example.org', 'a@b.invalid', 'a@b.test'],
      ...['a@localhost', 'a@b.EXAMPLE'],
    ].map((email): [string, Partial<Manifest>, RegExp] => [
      `the address ${email}`,
      { author: { name: 'A', email } },
      /author\.email is a placeholder/,
    ]),
    ['no repository', { repository: undefined }, /repository\.url/],
    ...[
      'git+https://github.com/example--owner/a-package.git',
      'git+https://github.com/-owner/a-package.git',
      'git+https://github.com/<owner>/a-package.git',
      'https://github.com/an-owner/a-package',
    ].map((url): [string, Partial<Manifest>, RegExp] => [
      `the repository ${url}`,
      { repository: { url } },
      /repository\.url is a placeholder, or not/,
    ]),
    [
      'issues of another repository',
      { bugs: { url: 'https://github.com/other/a-package/issues' } },
      /bugs\.url is not https:\/\/github\.com\/an-owner\/a-package\/issues/,
    ],
    ['no homepage', { homepage: undefined }, /homepage/],
    ['a homepage that nobody can have', { homepage: 'https://docs.example/' }, /homepage/],
    ['a homepage without TLS', { homepage: 'http://bank.org/' }, /homepage/],
  ])('refuses %s', (_, change, fault) => {
    const faults = faultsOfOwner({ ...manifest, ...change });
    expect(faults.join('\n')).toMatch(fault);
    expect(faults.every((line) => line.includes('"Before the first release"'))).toBe(true);
  });

  it('reads the address of the repository', () => {
    expect(repositoryOf(manifest)).toBe('https://github.com/an-owner/a-package');
  });
});

describe('the values of package.json', () => {
  it('are explained in CONTRIBUTING.md if the owner has to fill them in', () => {
    const contributing = readFileSync(resolve(__dirname, '../../../CONTRIBUTING.md'), 'utf8');
    const [, section = ''] = contributing.split('## Before the first release\n');
    const emptied: Partial<Manifest>[] = [
      { author: { ...manifest.author, email: '' } },
      { repository: { ...manifest.repository, url: '' } },
      { bugs: { url: '' } },
    ];
    const faults = emptied.flatMap((values) => faultsOfOwner({ ...manifest, ...values }));
    const fields = faults.map((fault) => /^package\.json: ([\w.]+?)(?:\.url)? /.exec(fault)?.[1]);
    expect(fields).toEqual(['author.email', 'repository', 'bugs']);
    for (const field of fields) expect(section).toMatch(new RegExp(`^\\| \`${field}\` `, 'm'));
  });
});
