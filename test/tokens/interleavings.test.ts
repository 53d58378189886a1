import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileOf } from '../../oauth/profile';
import type { BankSettings } from '../../oauth/settings';
import type { TokenSet } from '../../oauth/tokenSet';
import { summaryOf } from '../../tokens/consentList';
import { ConsentTokens } from '../../tokens/consentTokens';
import { encryptionKeys } from '../../tokens/encryptionKeys';
import { PostgresStore } from '../../tokens/postgresStore';
import { SqliteStore } from '../../tokens/sqliteStore';
import type { TokenStore } from '../../tokens/store';
import { clientCertificate } from '../support/certificates';
import { closeAfterTest } from '../support/closing';
import { failureOf } from '../support/failure';
import { away, interferedWith, type Interference } from '../support/interference';
import { createTestDatabase } from '../support/postgres';
import {
  startRotatingBank,
  type RotatingBank,
  type RotatingBankOptions,
} from '../support/rotatingBank';
import { json, raw } from '../support/scriptedBank';
import { startTlsServer } from '../support/tlsServer';

const folder = mkdtempSync(join(tmpdir(), 'open-banking-interleavings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let file: string;
let files = 0;
beforeEach(() => (file = join(folder, `${++files}.sqlite`)));

async function rotatingBank(options: RotatingBankOptions = {}): Promise<RotatingBank> {
  const bank = await startRotatingBank(options);
  closeAfterTest(() => bank.close());
  return bank;
}

let processes = 0;

/** What another process has: a store of its own at the same file, and nothing in memory. Other timeouts make it another profile. */
async function another(
  { settings }: { settings: BankSettings },
  interference: Interference = {},
  changes: BankSettings = {},
  store: TokenStore = new SqliteStore(file),
): Promise<ConsentTokens> {
  const all = { ...settings, connectTimeout: 10 + ++processes / 1000, ...changes };
  const profile = await profileOf(all);
  return new ConsentTokens(
    profile,
    interferedWith(store, interference),
    encryptionKeys(undefined, profile),
  );
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

const tokensOf = (accessToken: string, changes: Partial<TokenSet> = {}): TokenSet => ({
  access_token: accessToken,
  authorization: `Bearer ${accessToken}`,
  obtained_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  refresh_token_rotated: false,
  ...changes,
});

const expired = (bank: RotatingBank, consent: string): TokenSet =>
  tokensOf(`at-${consent}-0`, {
    refresh_token: bank.consent(consent),
    expires_at: new Date(Date.now() - 1000).toISOString(),
  });

const accessTokenOf = async (kept: ConsentTokens, consent = 'c') =>
  (await kept.valid(consent)).tokens.access_token;

describe('tokens that are kept', () => {
  it('again, while they are refreshed, do not undo the refresh', async () => {
    const bank = await rotatingBank({ delay: () => 200 });
    const [one, other] = [await another(bank), await another(bank)];
    const first = expired(bank, 'c');
    await one.keep('c', first);
    const asked = accessTokenOf(other);
    await pause(100);
    await one.keep('c', first);
    expect(await asked).toBe('at-c-1');
    expect(await accessTokenOf(await another(bank))).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('again, while they are refreshed between two steps of it, neither', async () => {
    const bank = await rotatingBank();
    const first = expired(bank, 'c');
    const other = await another(bank);
    await other.keep('c', first);
    const one = await another(bank, {
      read: async (real, name) => {
        const record = await real.read(name);
        await other.valid('c');
        return record;
      },
    });
    await one.keep('c', first);
    expect(await accessTokenOf(await another(bank))).toBe('at-c-1');
    expect(bank.revoked()).toEqual([]);
  });

  it('of a new consent count, whatever the clock of the host that wrote the old ones', async () => {
    const bank = await rotatingBank();
    const obtained_at = new Date(Date.now() + 120_000).toISOString();
    await (await another(bank)).keep('c', tokensOf('old', { obtained_at }));
    await (await another(bank)).keep('c', tokensOf('new'));
    expect(await accessTokenOf(await another(bank))).toBe('new');
  });

  it('of a new consent count, also over a refresh of the old one that is under way', async () => {
    const bank = await rotatingBank({ delay: () => 200 });
    const [one, other] = [await another(bank), await another(bank)];
    await one.keep('c', expired(bank, 'c'));
    const asked = accessTokenOf(other);
    await pause(100);
    await one.keep('c', tokensOf('new'));
    expect(await asked).toBe('new');
    expect(await accessTokenOf(await another(bank))).toBe('new');
  });

  it('are not put back over newer ones where the store lost its answer', async () => {
    const bank = await rotatingBank();
    let isLost = false;
    const one = await another(bank, {
      replace: async (real, ...given) => {
        const stored = await real.replace(...given);
        if (isLost) return stored;
        isLost = true;
        throw away();
      },
    });
    expect(await one.keep('c', expired(bank, 'c'))).toEqual([
      expect.stringContaining('could not be stored yet'),
    ]);
    expect(await accessTokenOf(await another(bank))).toBe('at-c-1');
    await pause(400);
    expect(await accessTokenOf(await another(bank))).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });
});

it('a store that was away for longer than a lease: the process that holds the new tokens comes first', async () => {
  const bank = await rotatingBank();
  const short = { connectTimeout: 2, requestTimeout: 2 };
  let isDown = false;
  const guarded =
    <Name extends keyof TokenStore>(name: Name) =>
    (real: TokenStore, ...given: Parameters<TokenStore[Name]>) =>
      isDown
        ? Promise.reject(away())
        : (real[name] as (...all: typeof given) => ReturnType<TokenStore[Name]>)(...given);
  const all: Interference = {
    read: guarded('read'),
    acquire: guarded('acquire'),
    markAttempt: guarded('markAttempt'),
    release: guarded('release'),
    replace: guarded('replace'),
  };
  await (await another(bank)).keep('c', expired(bank, 'c'));
  const one = await another(
    bank,
    {
      ...all,
      receive: () => {
        isDown = true;
        return Promise.reject(away());
      },
    },
    short,
  );
  expect(await accessTokenOf(one)).toBe('at-c-1');
  const other = await another(bank, all, { ...short, connectTimeout: 2.001 });
  const polled = (async () => {
    for (;;) {
      const outcome = await other.valid('c').then(
        ({ tokens }) => tokens.access_token,
        ({ code }: { code: string }) => code,
      );
      if (outcome !== 'store-unavailable') return outcome;
      await pause(5);
    }
  })();
  // A lease of six seconds has ended by then.
  await pause(6500);
  isDown = false;
  expect(await polled).toBe('at-c-1');
  expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
});

describe('first refresh tokens', () => {
  it('that were used are not sent again, whoever still has them in a credential', async () => {
    const bank = await rotatingBank();
    const [a, b] = [bank.consent('a'), bank.consent('b')];
    const ask = async (firstRefreshToken: string) =>
      (await (await another(bank)).valid('c', { firstRefreshToken })).tokens.access_token;
    expect(await ask(a)).toBe('at-a-1');
    expect(await ask(b)).toBe('at-b-1');
    expect(await ask(a)).toBe('at-b-1');
    expect(bank.revoked()).toEqual([]);
  });

  it('that were used are not sent again once a later consent has ended', async () => {
    const bank = await rotatingBank();
    const firstRefreshToken = bank.consent('a');
    const kept = await another(bank);
    await kept.valid('c', { firstRefreshToken });
    await kept.keep('c', { ...expired(bank, 'n'), refresh_token: 'rt-n-7' });
    const next = await another(bank);
    for (let run = 0; run < 2; run++) {
      expect(await failureOf(next.valid('c', { firstRefreshToken }))).toMatchObject({
        code: 'consent-ended',
      });
    }
    expect(bank.grant('a')).toEqual({ refreshes: 1, revoked: false });
  });
});

describe('ending a consent', () => {
  it('waits for a refresh, and ends what it brought', async () => {
    const bank = await rotatingBank({ delay: () => 200 });
    const [one, other] = [await another(bank), await another(bank)];
    await one.keep('c', expired(bank, 'c'));
    const asked = accessTokenOf(one);
    await pause(100);
    const ended: unknown[] = [];
    await other.end('c', (tokens) => {
      ended.push(tokens.refresh_token);
      return Promise.resolve();
    });
    expect(await asked).toBe('at-c-1');
    expect(ended).toEqual(['rt-c-1']);
    expect(await failureOf((await another(bank)).valid('c'))).toMatchObject({
      code: 'consent-unknown',
    });
  });

  it('forgets nothing where the bank refuses', async () => {
    const bank = await rotatingBank();
    const kept = await another(bank);
    await kept.keep('c', tokensOf('at-1'));
    await expect(kept.end('c', () => Promise.reject(away()))).rejects.toThrow();
    expect(await accessTokenOf(await another(bank))).toBe('at-1');
  });

  it('forgotten during a refresh: says so, and does not claim to keep it', async () => {
    const bank = await rotatingBank({ delay: () => 200 });
    const [one, other] = [await another(bank), await another(bank)];
    await one.keep('c', expired(bank, 'c'));
    const asked = failureOf(one.valid('c'));
    await pause(100);
    await other.forget('c');
    expect(await asked).toMatchObject({ code: 'consent-unknown' });
  });
});

describe('a token of a short life, or of none that is known', () => {
  it('is not refreshed at every call', async () => {
    const bank = await rotatingBank({ expiresIn: 60 });
    const kept = await another(bank);
    await kept.keep('c', expired(bank, 'c'));
    for (let call = 0; call < 20; call++) await kept.valid('c');
    expect(bank.refreshes()).toBe(1);
  });

  it('is kept where the bank writes fractions', async () => {
    const bank = await rotatingBank({ refreshExpiresIn: 3599.99951 });
    const kept = await another(bank);
    await kept.keep('c', expired(bank, 'c'));
    await kept.valid('c');
    expect(await accessTokenOf(await another(bank))).toBe('at-c-1');
  });

  it('is kept where the bank has a date of its own, in PostgreSQL, too', async () => {
    const database = await createTestDatabase();
    closeAfterTest(() => database.close());
    const store = new PostgresStore(database.connectionString);
    closeAfterTest(() => store.close());
    const bank = await rotatingBank();
    const tokens = tokensOf('at-1', { expires_at: 1790000000 as never });
    for (const place of [store, new SqliteStore(file)]) {
      await (await another(bank, {}, {}, place)).keep('c', tokens);
      expect(await accessTokenOf(await another(bank, {}, {}, place))).toBe('at-1');
    }
  });

  it.each([NaN, -1, Infinity])('is not handed out for a margin of %p', async (margin) => {
    const kept = await another(await rotatingBank());
    expect(await failureOf(kept.valid('c', { margin }))).toMatchObject({
      code: 'setting-malformed',
    });
  });

  it('has the margin that each caller asked for', async () => {
    const bank = await rotatingBank();
    const kept = await another(bank);
    const life = {
      obtained_at: new Date(Date.now() - 3_600_000).toISOString(),
      expires_at: new Date(Date.now() + 90_000).toISOString(),
    };
    await kept.keep('c', tokensOf('at-0', { refresh_token: bank.consent('c'), ...life }));
    const next = await another(bank);
    const asked = await Promise.all([next.valid('c'), next.valid('c', { margin: 600_000 })]);
    expect(asked.map(({ tokens }) => tokens.access_token)).toEqual(['at-0', 'at-c-1']);
  });
});

describe('at a bank with ID tokens', () => {
  /** A bank whose metadata, keys and tokens take their time at their first request. */
  async function slowBank(slow: number, idToken?: string) {
    const bank = await rotatingBank();
    const sent: string[] = [];
    const asked = new Set<string>();
    const server = await startTlsServer({
      handle: (request, response) => {
        const isFirst = !asked.has(request.url);
        asked.add(request.url);
        const form = new URLSearchParams(request.body);
        const answer = () => {
          if (request.url.includes('.well-known')) {
            return json(200, {
              issuer: server.url,
              token_endpoint: `${server.url}/token`,
              jwks_uri: `${server.url}/jwks`,
            });
          }
          if (request.url === '/jwks') return json(200, { keys: [] });
          if (request.url !== '/token') return raw(404, '');
          sent.push(form.get('refresh_token')!);
          return json(200, {
            access_token: `at-${sent.length}`,
            token_type: 'Bearer',
            expires_in: 3600,
            refresh_token: `rt-${sent.length}`,
            ...(idToken && { id_token: idToken }),
          });
        };
        setTimeout(() => answer()(response, request, form), isFirst ? slow : 0).unref();
      },
    });
    closeAfterTest(() => server.close());
    const settings: BankSettings = {
      ...bank.settings,
      bank: 'discovery',
      issuer: server.url,
      scope: 'openid accounts',
    };
    return { settings, sent, first: { ...expired(bank, 'c'), refresh_token: 'rt-0' } };
  }

  it('a lease is long enough for what happens under it', async () => {
    const bank = await slowBank(900);
    const short = { connectTimeout: 0.3, requestTimeout: 1 };
    const one = await another(bank, {}, short);
    const other = await another(bank, {}, { ...short, connectTimeout: 0.301 });
    await one.keep('c', bank.first);
    await Promise.all([one.valid('c'), pause(20).then(() => other.valid('c'))]);
    expect(bank.sent).toEqual(['rt-0']);
  });

  it('tokens whose check failed are kept, told, and not asked for at every call', async () => {
    const bank = await slowBank(0, 'garbage');
    const kept = await another(bank);
    await kept.keep('c', bank.first);
    for (let call = 0; call < 5; call++) {
      expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'id-token-malformed' });
    }
    expect(bank.sent).toEqual(['rt-0']);
    expect((await kept.stored('c')).refresh_token).toBe('rt-1');
  });

  it('tokens whose check failed are not lost where the store fails at the same time', async () => {
    const bank = await slowBank(0, 'garbage');
    let failures = 2;
    const failing = <Answer>(real: () => Promise<Answer>) =>
      failures-- > 0 ? Promise.reject(away()) : real();
    const first = await another(bank);
    await first.keep('c', bank.first);
    const one = await another(bank, {
      receive: (real, ...given) => failing(() => real.receive(...given)),
      replace: (real, ...given) => failing(() => real.replace(...given)),
    });
    expect(await failureOf(one.valid('c'))).toMatchObject({ code: 'id-token-malformed' });
    await pause(600);
    expect(bank.sent).toEqual(['rt-0']);
    expect((await first.stored('c')).refresh_token).toBe('rt-1');
  });

  it('received tokens are stored before they are checked', async () => {
    const bank = await slowBank(0, 'garbage');
    const stored: (string | undefined)[] = [];
    const reader = await another(bank);
    await reader.keep('c', bank.first);
    const one = await another(bank, {
      replace: async (real, ...given) => {
        stored.push((await reader.stored('c')).refresh_token);
        return real.replace(...given);
      },
    });
    await failureOf(one.valid('c'));
    expect(stored).toEqual(['rt-1']);
  });
});

describe("the operators' view", () => {
  const thumbprint = 't';
  const record = {
    name: 'n',
    bank: 'b',
    clientId: 'c',
    consent: 'k',
    envelope: Buffer.alloc(0),
    state: 'usable',
    obtainedAt: 1_000_000,
    certificateThumbprint: thumbprint,
    revision: 1,
  } as const;
  const after = (minutes: number) => 1_000_000 + minutes * 60_000;

  it.each([
    ['valid', { expiresAt: after(60) }, 1],
    ['expiring', { expiresAt: after(60) }, 59.5],
    ['valid', {}, 1],
    ['expiring', {}, 6],
    ['expiring', { attemptedAt: after(60) }, 60.5],
    ['outcome unknown', { attemptedAt: after(60) }, 62],
    ['needs consent', { state: 'needs-consent', expiresAt: after(60) }, 1],
    ['expiring', { expiresAt: after(60), certificateThumbprint: 'another' }, 1],
  ] as const)('%s: %j after %d minutes', (state, changes, minutes) => {
    expect(summaryOf({ ...record, ...changes }, thumbprint, after(minutes))).toMatchObject({
      state,
    });
  });
});

it('one profile serves all consents of a credential', async () => {
  const { settings } = await rotatingBank();
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  const all = { ...settings, transportCertificate: certificate, transportPrivateKey: privateKey };
  const of = (consent: string) => profileOf({ ...all, consent } as BankSettings);
  expect(await of('a')).toBe(await of('b'));
});
