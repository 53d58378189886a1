import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ESLint } from 'eslint';
import accepted from '../../build/judges/accepted.json';
import { findingsOf, keyOf, type Finding } from '../../build/judges/findings.mjs';
import { judge, kindsOf, reportOf, type Row } from '../../build/judges/verdict.mjs';

const root = resolve(__dirname, '../..');
const IMPORTS = '@n8n/community-nodes/no-restricted-imports';
const GLOBALS = '@n8n/community-nodes/no-restricted-globals';

// The scanner takes longer on a busy machine.
jest.setTimeout(90_000);

/** The result of ESLint for a file of the bundle, with messages on these lines. */
function result(
  path: string,
  source: string[],
  messages: [line: number, ruleId: string | null, message: string][],
): ESLint.LintResult {
  return {
    filePath: join('/package', path),
    source: source.join('\n'),
    messages: messages.map(([line, ruleId, message]) => ({ line, ruleId, message })),
  } as ESLint.LintResult;
}

describe('findingsOf', () => {
  it('makes one finding of all that have the same rule, name and origin', () => {
    const found = findingsOf(
      [
        result(
          'dist/a.js',
          ['// core/lib/timer.ts', '', ''],
          [
            [2, GLOBALS, "Use of restricted global 'setTimeout' is not allowed. Use 'sleep'."],
            [3, GLOBALS, "Use of restricted global 'setTimeout' is not allowed. Use 'sleep'."],
          ],
        ),
        result('dist/b.js', ['one();'], [[1, IMPORTS, "Require of 'node:tls' is not allowed."]]),
      ],
      '/package',
    );
    expect(found).toEqual([
      {
        ...{ rule: GLOBALS, name: 'setTimeout', origin: 'this package' },
        message: "Use of restricted global 'setTimeout' is not allowed. Use 'sleep'.",
        places: ['dist/a.js:2 (core/lib/timer.ts)', 'dist/a.js:3 (core/lib/timer.ts)'],
      },
      {
        ...{ rule: IMPORTS, name: 'node:tls', origin: 'this package' },
        ...{ message: "Require of 'node:tls' is not allowed.", places: ['dist/b.js:1'] },
      },
    ]);
  });

  it.each([
    ['core/transport/undici.ts', 'this package'],
    ['node_modules/undici/lib/core/util.js', 'undici'],
    ['node_modules/@scope/name/index.js', '@scope/name'],
    ['node_modules/pgpass/node_modules/split2/index.js', 'split2'],
  ])('takes code below the comment "// %s" as code of %s', (module, origin) => {
    const source = [
      '// node_modules/jose/index.js',
      'one();',
      `// ${module}`,
      '// https://a.b/c',
      '',
    ];
    const [finding] = findingsOf(
      [result('dist/behind.js', source, [[5, 'no-console', 'Unexpected console statement.']])],
      '/package',
    );
    expect(finding).toMatchObject({ rule: 'no-console', name: '', origin });
  });

  it('has a finding for a file that ESLint cannot read', () => {
    const results = [result('dist/a.js', ['{'], [[1, null, 'Parsing error: Unexpected token']])];
    expect(findingsOf(results, '/package')).toMatchObject([{ rule: 'not readable' }]);
  });
});

describe('judge', () => {
  const rows: Row[] = [
    {
      ...{ in: 'this package', reason: 'Mutual TLS.' },
      findings: { [IMPORTS]: ['node:tls', 'node:net'], [GLOBALS]: ['process'] },
    },
    { in: 'pg-types', reason: 'Not called.', findings: { 'no-console': [] } },
  ];
  const all: Finding[] = rows
    .flatMap(kindsOf)
    .map((kind) => ({ ...kind, message: 'Not allowed.', places: ['dist/behind.js:1'] }));

  it('has nothing to report if exactly what is accepted was found', () => {
    expect(all).toHaveLength(4);
    expect(reportOf(judge(all, rows))).toEqual([]);
  });

  it('refuses what is not accepted: another name, another rule, the code of another origin', () => {
    const others = [
      { ...all[0]!, name: 'node:child_process' },
      { ...all[2]!, rule: IMPORTS },
      { ...all[3]!, origin: 'this package' },
    ];
    expect(judge([...all, ...others], rows)).toEqual({ refused: others, gone: [] });
  });

  it('names what is accepted and no longer found', () => {
    const { refused, gone } = judge(all.slice(1, 3), rows);
    expect(refused).toEqual([]);
    expect(gone).toEqual([
      { rule: IMPORTS, name: 'node:tls', origin: 'this package' },
      { rule: 'no-console', name: '', origin: 'pg-types' },
    ]);
  });

  it('reports both in words, with the first places', () => {
    const places = ['a.js:1', 'a.js:2', 'a.js:3', 'a.js:4'];
    const report = reportOf(
      judge([...all.slice(1), { ...all[0]!, name: 'node:vm', places }], rows),
    );
    expect(report).toEqual([
      `not accepted: ${IMPORTS} "node:vm" in this package, 4 ×: Not allowed.\n    a.js:1\n    a.js:2\n    a.js:3\n`,
      `not found any more: ${IMPORTS} "node:tls" in this package. Remove it from build/judges/accepted.json and docs/security.md.\n`,
    ]);
  });
});

describe('accepted.json', () => {
  it('accepts nothing twice', () => {
    const keys = accepted.flatMap(kindsOf).map(keyOf);
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});

describe('the judges', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'open-banking-judged-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Judges a package that has these files. */
  function judged(files: Record<string, string>): Promise<{ failed: boolean; report: string }> {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return new Promise((done) => {
      execFile(
        process.execPath,
        [join(root, 'build/judges/main.mjs'), folder],
        (error, _, report) => done({ failed: error !== null, report }),
      );
    });
  }

  it('report forbidden modules and dependencies, also in a line that switches the rule off', async () => {
    const { failed, report } = await judged({
      'package.json': JSON.stringify({
        ...(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object),
        dependencies: { express: '*' },
      }),
      'nodes/helper.ts': "import 'node:child_process'; // eslint-disable-line\n",
      'dist/behind.js': "// core/helper.ts\nrequire('node:vm'); // eslint-disable-line\n",
    });
    expect(failed).toBe(true);
    for (const line of [
      `sources: not accepted: ${IMPORTS} "node:child_process" in this package, 1 ×`,
      'sources: not accepted: @n8n/community-nodes/no-runtime-dependencies in this package, 1 ×',
      `tarball: not accepted: ${IMPORTS} "node:vm" in this package, 1 ×`,
      'dist/behind.js:2 (core/helper.ts)',
      `tarball: not found any more: ${IMPORTS} "node:sqlite" in undici.`,
    ]) {
      expect(report).toContain(line);
    }
  });

  it('fail if there is nothing to examine', async () => {
    const { failed, report } = await judged({ 'package.json': '{}' });
    expect(failed).toBe(true);
    expect(report).toContain('has no package.json, or no code');
  });
});
