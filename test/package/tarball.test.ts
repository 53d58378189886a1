import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import manifest from '../../package.json';
import { packedFiles } from '../support/package/packedFiles';
import { packedPackage } from '../support/package/packedPackage';
import { loadedBy } from '../support/package/scripts';
import { keysIn, machineIn } from '../support/package/traces';

const files = packedFiles();
const read = (path: string) => readFileSync(join(packedPackage, path));

/** The files of the package. An added file is to be added here. */
const EXPECTED = [
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'],
  ...['index.js', 'package.json'],
  ...['THIRD-PARTY-LICENSES', 'behind.js', 'sqliteThread.js', 'start.js'].map((x) => `dist/${x}`),
  ...['OpenBankingApi.credentials.js', 'openBankingApi.svg', 'openBankingApi.dark.svg'].map(
    (name) => `dist/credentials/${name}`,
  ),
  ...['', 'RedirectTrigger', 'Token', 'Trigger'].flatMap((node) => {
    const folder = `dist/nodes/OpenBanking${node}`;
    const code = ['js', 'json'].map((end) => `${folder}/OpenBanking${node}.node.${end}`);
    return [...code, ...['', '.dark'].map((end) => `${folder}/openBanking${node}${end}.svg`)];
  }),
  ...[
    ...['accounts', 'backup', 'consent', 'credential', 'errors', 'new-transactions', 'operations'],
    ...['performance', 'postgresql', 'regimes', 'reliability', 'security', 'tokens'],
  ].map((name) => `docs/${name}.md`),
  ...[
    ...['bank-down', 'tested', 'unknown-authority', 'unknown-client', 'wrong-key'].map(
      (name) => `credential-${name}`,
    ),
    ...['j1-workflow', 'j3-ask-for-consent', 'j3-bank', 'j3-receive-consent', 'j5-workflow'],
    'j6-trigger',
    ...['arrived', 'denied', 'own-words', 'replayed', 'without-script'].map(
      (name) => `redirect-${name}`,
    ),
  ].map((name) => `docs/${name}.png`),
  ...['performance-pull', 'performance'].map((name) => `docs/${name}.svg`),
  ...[
    ...['J1-exchange-and-refresh', 'J2-scheduled-account-pull', 'J3-ask-for-consent'],
    ...['J3-receive-consent', 'J4-many-consents', 'J5-postgresql', 'J5-pull-in-one-node'],
    ...['J5-spreadsheet', 'J6-consent-needs-attention', 'J6-new-transactions'],
    'credential-sandbox',
  ].map((name) => `examples/${name}.json`),
];

describe('the tarball', () => {
  it('has these files, and no other', () => {
    expect(files).toEqual([...EXPECTED].sort());
  });

  it('has no key and no certificate', () => {
    const found = files.flatMap((path) => keysIn(read(path).toString('latin1')));
    expect(found).toEqual([]);
  });

  it('does not name the machine that built it', () => {
    const found = files.flatMap((path) => machineIn(read(path).toString('utf8')));
    expect(found).toEqual([]);
  });

  it('has no source map, and no address of one', () => {
    const scripts = files.filter((path) => path.endsWith('.js'));
    expect(scripts.filter((path) => read(path).includes('sourceMappingURL'))).toEqual([]);
  });
});

describe('package.json', () => {
  it('names no package to install', () => {
    const groups = [
      ...['bundleDependencies', 'bundledDependencies', 'dependencies', 'optionalDependencies'],
    ];
    expect(groups.filter((group) => group in manifest)).toEqual([]);
    expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
    expect(manifest.peerDependenciesMeta).toEqual({ 'n8n-workflow': { optional: true } });
  });

  it('has no script that npm runs in an installation', () => {
    const names = ['install', 'prepare', 'publish'].flatMap((name) => [
      ...[name, `pre${name}`, `post${name}`],
    ]);
    expect(Object.keys(manifest.scripts).filter((name) => names.includes(name))).toEqual([]);
    expect(manifest.scripts).not.toHaveProperty('dependencies');
  });
});

describe('the scripts in the tarball', () => {
  const scripts = files.filter((path) => path.endsWith('.js'));
  const loadings = scripts.map((path) => loadedBy(path, read(path).toString('utf8')));
  const modules = [...new Set(loadings.flatMap((loading) => loading.modules))].sort();

  it('load each other, n8n-workflow, and these modules of Node.js', () => {
    expect(modules.filter((name) => scripts.includes(name))).toEqual([
      'dist/behind.js',
      'dist/start.js',
    ]);
    expect(modules.filter((name) => !scripts.includes(name))).toEqual(
      [
        ...['assert', 'async_hooks', 'buffer', 'console', 'crypto', 'diagnostics_channel', 'dns'],
        ...['events', 'fs', 'fs/promises', 'http', 'http2', 'https', 'net', 'os', 'path'],
        ...['perf_hooks', 'querystring', 'sqlite', 'stream', 'string_decoder', 'timers'],
        ...['timers/promises', 'tls', 'url', 'util', 'util/types', 'worker_threads', 'zlib'],
        'n8n-workflow',
      ].sort(),
    );
  });

  it('load only modules that are named in them, and evaluate no text as code', () => {
    expect(loadings.flatMap(({ hidden }) => hidden)).toEqual([]);
  });
});

describe('the search for what must not be in the tarball', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  const traditional = { format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase: 'x' };

  it.each([
    ['in PEM', pem],
    ['in PEM with headers', privateKey.export(traditional as never) as string],
    ['in a JSON text', JSON.stringify({ key: pem })],
    ['in PEM, in base64', Buffer.from(pem).toString('base64')],
    ['in base64', privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
    ['as a JWK', JSON.stringify(privateKey.export({ format: 'jwk' }))],
  ])('finds a key %s', (_, text) => {
    expect(keysIn(`const key = '${text}';`)).not.toEqual([]);
  });

  it('takes no marker alone for a key', () => {
    expect(keysIn('Paste "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----".')).toEqual(
      [],
    );
  });

  it.each([
    resolve(__dirname, '../..'),
    join(homedir(), '.npmrc'),
    '/home/someone/x',
    'C:\\Users\\x',
  ])('finds the path %s', (path) => expect(machineIn(`// ${path}/core/x.ts`)).not.toEqual([]));

  it.each([
    'const name = "net"; require(name)',
    'const load = require; load("net")',
    'const name = "net"; import(name)',
    'eval("1")',
    '(0, eval)("1")',
    'new Function("return 1")()',
    'require("module").createRequire(__filename)("net")',
    'process.getBuiltinModule("net")',
    'process.binding("fs")',
    'process["binding"]("fs")',
    'process?.["getBuiltinModule"]("net")',
    'const { getBuiltinModule } = process; getBuiltinModule("net")',
    'globalThis.process["getBuiltin" + "Module"]("net")',
    'const name = "net"; module.require(name)',
    'module["require"]("net")',
    'require.main.require("net")',
    'require.main.children',
    'process.mainModule.constructor',
    'const run = eval; run("1")',
    'globalThis["eval"]("1")',
    'Function("return 1")()',
    'globalThis.Function("return 1")()',
    'globalThis["Function"]("return 1")()',
    'Function.call(null, "return 1")()',
    '(() => 0).constructor("return 1")()',
    'new Worker("1", { eval: true })',
    'new Worker("1", { "eval": !0 })',
  ])('finds the hidden code %s', (text) => {
    expect(loadedBy('dist/x.js', text).hidden).not.toEqual([]);
  });

  it('finds the modules that a script names', () => {
    const text = 'require("node:net"); require("pg"); import("../y.js"); require("./z")';
    expect(loadedBy('dist/x.js', text)).toEqual({
      modules: ['dist/z', 'net', 'pg', 'y.js'],
      hidden: [],
    });
  });
});
