import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import type { KeepingSettings } from '../../core/tokens/settings';
import { sandboxCredential } from '../support/bank/credential';
import type { NodeReport } from '../support/n8n/nodeProcess';
import { createTestDatabase } from '../support/stores/postgres';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { olderNode } from '../support/n8n/olderNode';

const older = olderNode();
const kinds: [kind: string, executable: string, flags: string[]][] = [
  ['with node:sqlite switched off', process.execPath, ['--no-experimental-sqlite']],
  ...(older ? [[older.version, older.executable, []] as (typeof kinds)[number]] : []),
];

let bank: Sandbox;
let credential: BankSettings & KeepingSettings;

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(() => bank?.stop());

describe.each(kinds)('the token node on Node.js %s', (_, executable, flags) => {
  let child: ChildProcess;
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'open-banking-without-sqlite-'));
    child = fork(resolve(__dirname, '../support/n8n/nodeProcess.ts'), {
      execPath: executable,
      execArgv: ['--import', 'tsx', ...flags],
      cwd: resolve(__dirname, '../..'),
      env: { ...process.env, N8N_USER_FOLDER: folder },
    });
  });
  afterAll(async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (
    operation: string,
    parameters: IDataObject,
    { items, settings }: { items?: IDataObject[]; settings?: KeepingSettings } = {},
  ): Promise<NodeReport> => {
    const resource = operation === 'createUrl' ? 'authorization' : 'token';
    child.send({
      credential: { ...credential, ...settings },
      parameters: { resource, operation, options: {}, ...parameters },
      items,
    });
    const [report] = (await once(child, 'message')) as [NodeReport];
    return report;
  };
  const exchanges = async () =>
    (await bank.requests()).filter(
      ({ path, form }) => path === '/oauth2/token' && form['grant_type'] === 'authorization_code',
    ).length;

  const refusal = {
    message: expect.stringMatching(
      /^The token store on this machine needs Node\.js 22\.16 or later, and this Node\.js is \d+\.\d+\.\d+$/,
    ) as string,
    description: expect.stringMatching(/PostgreSQL.*\(configuration: version-too-old\)$/) as string,
  };

  it('exchanges a code and a pasted address, and gets an application token', async () => {
    const [first, second] = [await bank.authorize(), await bank.authorize()];
    const code = await run('exchange', { code: first.code });
    expect(code).toMatchObject({ items: [{ authorization: expect.stringMatching(/^Bearer /) }] });
    const address = await run('exchange', { code: second.redirect_url });
    expect(address).toMatchObject({
      items: [{ authorization: expect.stringMatching(/^Bearer /) }],
    });
    expect(address.hints).toHaveLength(1);
    const application = await run('application', {});
    expect(application).toMatchObject({
      items: [{ authorization: expect.stringMatching(/^Bearer /) }],
    });
  });

  it.each([
    ['valid', { consent: 'c' }],
    ['list', {}],
    ['createUrl', { consentId: 'c' }],
  ])('fails with version-too-old for the operation %s', async (operation, parameters) => {
    expect(await run(operation, parameters)).toMatchObject({ items: [], error: refusal });
    expect(existsSync(join(folder, '.n8n', 'open-banking-tokens.sqlite'))).toBe(false);
  });

  it('sends no code if the tokens have to be stored, or if an expression returns the address', async () => {
    const { code, redirect_url } = await bank.authorize();
    const before = await exchanges();
    const stored = await run('exchange', { code, options: { keepForConsent: 'c' } });
    expect(stored).toMatchObject({ items: [], error: refusal });
    const items = [{ redirect: redirect_url }];
    const redirected = await run('exchange', { code: '={{ $json.redirect }}' }, { items });
    expect(redirected).toMatchObject({ items: [], error: refusal });
    expect(await exchanges()).toBe(before);
  });

  it('stores tokens in PostgreSQL', async () => {
    const database = await createTestDatabase();
    try {
      const settings = {
        keepTokensIn: 'postgres',
        postgresUrl: database.connectionString,
      } as const;
      const { code } = await bank.authorize();
      const stored = await run(
        'exchange',
        { code, options: { keepForConsent: 'c' } },
        { settings },
      );
      const valid = await run('valid', { consent: 'c' }, { settings });
      expect(valid.items[0]).toMatchObject({ access_token: stored.items[0]!['access_token'] });
    } finally {
      await database.close();
    }
  });
});
