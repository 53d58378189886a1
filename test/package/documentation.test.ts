import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import accepted from '../../build/judges/accepted.json';
import { OWN } from '../../build/judges/findings.mjs';
import { kindsOf } from '../../build/judges/verdict.mjs';
import { loadPackage } from '../support/n8n/nodeExecution';
import { packedFiles } from '../support/package/packedFiles';

const root = resolve(__dirname, '../..');

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].sort();

/** A link or picture of a document that leads to a file of this package. */
interface Link {
  /** The document that contains it. */
  from: string;
  /** Path of the file, from the root of the package. */
  to: string;
  anchor?: string;
}

const links = documents.flatMap(linksOf);

describe('the README', () => {
  const text = read('README.md');

  it('has at most 900 words', () => {
    expect(text.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(900);
  });

  it("has the anchors that n8n's help links lead to", () => {
    expect(anchorsOf('README.md')).toEqual(
      expect.arrayContaining(['credential', 'operations', 'redirect-trigger']),
    );
  });

  it('names the two commands for demonstration and tests near its top', () => {
    const top = text.slice(0, text.indexOf('## Install'));
    expect(top).toContain('npm run demo');
    expect(top).toContain('npm test');
  });

  it('installs the tarball that `npm pack` makes of this version', () => {
    const { name, version } = JSON.parse(read('package.json')) as Record<string, string>;
    const named = [...text.matchAll(/[\w-]+-\d[\w.-]*\.tgz/g)].map(([file]) => file);
    expect([...new Set(named)]).toEqual([`${name}-${version}.tgz`]);
  });
});

describe('the documents', () => {
  it('link to files that exist', () => {
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
  });

  it('link to headings that exist', () => {
    const withAnchor = links.filter(({ anchor }) => anchor !== undefined);
    expect(withAnchor.length).toBeGreaterThan(5);
    expect(
      withAnchor.filter(({ to, anchor }) => to.endsWith('.md') && !anchorsOf(to).includes(anchor!)),
    ).toEqual([]);
  });

  it('link only to files in the package if they are in the package', () => {
    const packed = packedFiles();
    expect(packed).toEqual(expect.arrayContaining(['README.md', 'docs/credential.md']));
    const dead = links.filter(({ from, to }) => packed.includes(from) && !packed.includes(to));
    expect(dead).toEqual([]);
  });

  it('show each picture of docs/', () => {
    const pictures = readdirSync(join(root, 'docs')).filter((name) => /\.(png|svg)$/.test(name));
    const shown = new Set(links.map(({ to }) => to));
    expect(pictures.filter((name) => !shown.has(`docs/${name}`))).toEqual([]);
  });
});

describe('SECURITY.md', () => {
  const rows = read('SECURITY.md')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const guarantees = rows.filter((row) => row.includes('`test/'));
  const tests = guarantees.flatMap((row) =>
    [...row.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, path]) => path!),
  );

  it('names tests that exist for each guarantee', () => {
    expect(guarantees.length).toBeGreaterThan(15);
    expect(tests.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('says for each role what it can and cannot do', () => {
    const roles = rows
      .filter((row) => !guarantees.includes(row))
      .flatMap((row) => /^\| \*\*(.+?)\*\*/.exec(row)?.[1] ?? []);
    expect(new Set(roles)).toEqual(
      new Set([
        ...['Workflow editor', 'Credential user', 'Credential editor', 'n8n administrator'],
        ...['Reader of the database', 'Network', 'Bank', 'Customer'],
      ]),
    );
  });
});

describe('docs/security.md', () => {
  it("says what n8n's scanner finds, and why it is there", () => {
    const [, section = ''] = read('docs/security.md').split("## What n8n's scanner says");
    const rows = [...section.matchAll(/^\| (?!Found|Library|-)(.+) \|$/gm)].map(([, cells]) =>
      cells!.split('|').map((cell) => cell.trim()),
    );
    expect(rows).toEqual(
      accepted.map((row) => {
        const found = kindsOf(row).map(({ rule, name }) => `\`${name || rule}\``);
        return [...(row.in === OWN ? [] : [row.in]), found.join(', '), row.reason];
      }),
    );
  });
});

describe('docs/credential.md', () => {
  it('has each field of the form, in its order', async () => {
    const { properties } = (await loadPackage()).getCredential('openBankingApi').type;
    const names = properties
      .filter(({ type }) => type !== 'notice')
      .map(({ displayName }) => displayName);
    const end = names.indexOf('Use Custom Settings');
    const [, emailTable = '', customTable = ''] = read('docs/credential.md').split(/^## /m);
    expect(firstColumn(emailTable)).toEqual(names.slice(0, end));
    expect(firstColumn(customTable)).toEqual(names.slice(end + 1));
  });
});

describe('docs/operations.md', () => {
  it.each(['openBankingToken', 'openBankingRedirectTrigger', 'openBankingTrigger'])(
    'names each operation and each option of %s',
    async (name) => {
      const text = read('docs/operations.md');
      const { description } = (await loadPackage()).getNode(name).type as INodeType;
      const names = description.properties
        .filter((field) => field.type === 'collection' || field.name === 'operation')
        .flatMap(({ options = [] }) => options)
        .map((option) => ('displayName' in option ? option.displayName : option.name));
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => !text.includes(`**${name}**`))).toEqual([]);
    },
  );
});

/** The names in bold that begin the rows of a table. */
function firstColumn(text: string): string[] {
  return [...text.matchAll(/^\| \*\*(.+?)\*\* +\|/gm)].map(([, name]) => name!);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** A document without its code, because brackets in code are not links. */
function prose(path: string): string {
  return read(path)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
}

function linksOf(from: string): Link[] {
  return [...prose(from).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/i.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      const to = path ? relative(root, resolve(root, dirname(from), path)) : from;
      return { from, to: to.replaceAll('\\', '/'), ...(anchor !== undefined && { anchor }) };
    });
}

/** The anchors of a document's headings, as GitHub and npm generate them. */
function anchorsOf(path: string): string[] {
  return [
    ...read(path)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .matchAll(/^#{1,6} (.+)$/gm),
  ].map(([, heading]) =>
    heading!
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
