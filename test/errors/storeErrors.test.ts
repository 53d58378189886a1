import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markProcessed } from '../../core/accounts/markProcessed';
import { storeErrors } from '../../core/errors/rows/storeErrors';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import type { ConsentTokens } from '../../core/tokens/consents/consentTokens';
import { openConsentTokens, openPendingAuthorizations } from '../../core/tokens/openStores';
import type { KeepingSettings } from '../../core/tokens/settings';
import { SqliteStore } from '../../core/store/sqlite/sqliteStore';
import type { SyncMemory } from '../../core/sync/memory';
import { closeAfterTest } from '../support/servers/closing';
import { HOUR } from '../support/clock';
import { failureOf } from '../support/failure';
import { anotherProcess, expired, passed, passTime, tokensOf } from '../support/stores/consents';
import { createTestDatabase, execute, startTestServer } from '../support/stores/postgres';
import {
  startRotatingBank,
  type RotatingBank,
  type RotatingBankOptions,
} from '../support/bank/rotatingBank';
import { provokeEach, type Failure, type Provocations } from './provocation';

const folders: string[] = [];
const saved = process.env.N8N_USER_FOLDER;
/** The SQLite file of the present test. */
let file: string;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-store-errors-'));
  folders.push(folder);
  process.env.N8N_USER_FOLDER = folder;
  await mkdir(join(folder, '.n8n'));
  file = join(folder, '.n8n', 'open-banking-tokens.sqlite');
});
afterAll(() => {
  if (saved === undefined) delete process.env.N8N_USER_FOLDER;
  else process.env.N8N_USER_FOLDER = saved;
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

async function rotatingBank(options: RotatingBankOptions = {}): Promise<RotatingBank> {
  const bank = await startRotatingBank(options);
  closeAfterTest(() => bank.close());
  return bank;
}

async function keptAt(
  { settings }: RotatingBank,
  changes: BankSettings & KeepingSettings = {},
): Promise<ConsentTokens> {
  const all = { ...settings, ...changes };
  return openConsentTokens(await clientOf(all), all);
}

/** Stores tokens of consents that have to be refreshed. */
async function keep(kept: ConsentTokens, bank: RotatingBank, ...consents: string[]): Promise<void> {
  for (const consent of consents) {
    const tokens = {
      access_token: 'at-1',
      authorization: 'Bearer at-1',
      refresh_token: bank.consent(consent),
      obtained_at: new Date().toISOString(),
      expires_at: new Date().toISOString(),
      refresh_token_rotated: false,
    };
    await kept.keep(consent, { tokens, remarks: [], expected: {} });
  }
}

/** Executes a statement in the SQLite file, without the store. */
function edit(statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}

const short = { connectTimeout: 0.2, requestTimeout: 0.4 };

/** A database that can be switched to read-only. */
async function readOnlyDatabase() {
  const database = await createTestDatabase();
  closeAfterTest(() => database.close());
  const { connectionString: postgresUrl } = database;
  const name = postgresUrl.split('/').at(-1)!;
  return {
    settings: { keepTokensIn: 'postgres', postgresUrl } as const,
    /** Switches it for new connections, and ends the present ones. */
    setReadOnly: async (on: boolean) => {
      const at = postgresUrl.replace(/[^/]+$/, 'postgres');
      await execute(
        at,
        `ALTER DATABASE ${name} SET default_transaction_read_only = ${on}`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
    },
  };
}

const provocations: Provocations<typeof storeErrors> = {
  'store-unavailable': async () => {
    writeFileSync(file, 'no database '.repeat(100));
    return failureOf((await keptAt(await rotatingBank())).valid('c'));
  },
  'store-not-writable': async () => {
    const bank = await rotatingBank();
    const { settings, setReadOnly } = await readOnlyDatabase();
    const kept = await keptAt(bank, settings);
    await keep(kept, bank, 'c');
    await setReadOnly(true);
    const failure = await failureOf(kept.valid('c'));
    expect(failure.outcome).toBe('not-sent');
    expect(bank.refreshes()).toBe(0);
    await setReadOnly(false);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-c-1');
    return failure;
  },
  'store-newer': async () => {
    const bank = await rotatingBank();
    await keep(await keptAt(bank), bank, 'c');
    edit('UPDATE schema_version SET version = 99');
    // Like another process, which opens the file again.
    const store = new SqliteStore(file);
    closeAfterTest(() => store.close());
    return failureOf(store.list('client-1'));
  },
  'store-file-linked': async () => {
    writeFileSync(file, '');
    linkSync(file, `${file}-link`);
    return failureOf((await keptAt(await rotatingBank())).valid('c'));
  },
  'store-busy': async () => {
    const bank = await rotatingBank();
    const kept = await keptAt(bank, short);
    await keep(kept, bank, 'c');
    // As if another process took over each lease before the attempt is marked.
    edit(`CREATE TRIGGER taken BEFORE UPDATE OF attempted_at ON tokens
      WHEN NEW.attempted_at IS NOT NULL BEGIN SELECT RAISE(IGNORE); END`);
    const failure = await failureOf(kept.valid('c'));
    expect(bank.refreshes()).toBe(0);
    return failure;
  },
  'encryption-key-wrong': async () => {
    const bank = await rotatingBank();
    const pendingBy = async (encryptionKey: string) =>
      openPendingAuthorizations(await clientOf(bank.settings), { encryptionKey });
    const { redirectUri } = bank.settings;
    await (
      await pendingBy('1'.repeat(32))
    ).keep({ state: 's', redirectUri: redirectUri!, responseType: 'code' });
    // The ID of the key in its envelope is changed.
    edit(
      "UPDATE pending_authorizations SET envelope = CAST(x'01' || zeroblob(8) || substr(envelope, 10) AS BLOB)",
    );
    return failureOf((await pendingBy('1'.repeat(32))).find('s'));
  },
  'record-damaged': async () => {
    const bank = await rotatingBank();
    await keep(await keptAt(bank), bank, 'a', 'b', 'c');
    // The tokens of another consent are moved to this one.
    edit(`UPDATE tokens SET envelope = (SELECT envelope FROM tokens WHERE consent = 'b')
      WHERE consent = 'a'`);
    edit("UPDATE tokens SET expires_at = 9999999999999 WHERE consent = 'b'");
    const kept = await keptAt(bank, { connectTimeout: 11 });
    const failure = await failureOf(kept.valid('a'));
    expect(await failureOf(kept.valid('b'))).toMatchObject({ code: 'record-damaged' });
    // Other consents are not affected.
    expect((await kept.valid('c')).tokens.access_token).toBe('at-c-1');
    return failure;
  },
  'consent-unknown': async () => failureOf((await keptAt(await rotatingBank())).valid('c')),
  'account-not-read': async () => {
    const bank = await rotatingBank();
    const tokens = await keptAt(bank);
    await tokens.keep('c', passed(tokensOf('at')));
    const sync = { hasSeen: () => Promise.resolve(false) } as unknown as SyncMemory;
    const received = { consent: 'c', accountId: 'A-1', transactionIds: ['T1'] };
    return failureOf(markProcessed({ sync, tokens }, ['w/n'], received));
  },
  'consent-ended': async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(expired(bank, 'c')));
    bank.grant('c').revoked = true;
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'refresh-token-unknown' });
    passTime(HOUR);
    return failureOf(kept.valid('c'));
  },
  'refresh-outcome-unknown': async () => {
    const bank = await rotatingBank({ delay: () => 2000 });
    const kept = await keptAt(bank, short);
    await keep(kept, bank, 'c');
    return failureOf(kept.valid('c'));
  },
  'token-not-stored': async () => {
    const bank = await rotatingBank({ delay: () => 1000 });
    const { settings, setReadOnly } = await readOnlyDatabase();
    const kept = await keptAt(bank, settings);
    await keep(kept, bank, 'c');
    const asked = kept.valid('c');
    while (bank.refreshes() === 0) await pause(10);
    await setReadOnly(true);
    const { tokens, remarks } = await asked;
    expect(tokens.access_token).toBe('at-c-1');
    // From memory while the store is unavailable.
    expect((await kept.valid('c')).tokens.access_token).toBe('at-c-1');
    await setReadOnly(false);
    const elsewhere = await keptAt(bank, { ...settings, connectTimeout: 11 });
    await pause(1500);
    expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
    const [message, description] = remarks[0]!.split(/\. (?=Do not stop)/);
    return { code: 'token-not-stored', stage: 'store', message, description } as Failure;
  },
};
provokeEach<typeof storeErrors>(provocations);

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

it('a restart of PostgreSQL during a refresh loses no tokens', async () => {
  const server = await startTestServer();
  closeAfterTest(() => server.close());
  const bank = await rotatingBank({ delay: () => 1500 });
  const settings = { keepTokensIn: 'postgres', postgresUrl: server.connectionString } as const;
  const kept = await keptAt(bank, settings);
  await keep(kept, bank, 'c');
  const asked = kept.valid('c');
  while (bank.refreshes() === 0) await pause(10);
  await server.stop();
  const { tokens } = await asked;
  expect(tokens.access_token).toBe('at-c-1');
  await server.start();
  await pause(2000);
  const elsewhere = await keptAt(bank, { ...settings, connectTimeout: 11 });
  expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-c-1');
  expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
});
