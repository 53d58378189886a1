import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createProfile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import type { StoredRecord } from '../../../core/store/store';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { formerRecordName, recordName } from '../../../core/tokens/records/record';
import type { RotatingBank } from '../../support/bank/rotatingBank';
import { transportFields } from '../../support/bank/credential';
import { failureOf } from '../../support/failure';
import { generatePrivateKey } from '../../support/keys/certificates';
import { until } from '../../support/waiting';
import {
  anotherProcess,
  expired,
  keepAsFormerVersion,
  passed,
  pause,
  rotatingBank,
  tokensOf,
} from '../../support/stores/consents';

/** The secrets of "Encryption Key". A credential also has the key that is derived from its private key, `x` or `y`. */
const secrets = { a: 'a'.repeat(32), b: 'b'.repeat(32), c: 'c'.repeat(32) };
type Derived = 'x' | 'y';

/** A credential: its keys, the first one first. The last one is derived. */
type KeySet = readonly [...(keyof typeof secrets)[], Derived];

const folder = mkdtempSync(join(tmpdir(), 'open-banking-key-sets-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let bank: RotatingBank;
let certificates: Record<Derived, BankSettings>;
/** The names of the keys, by their IDs. */
let keyNames: Map<string, string>;

beforeAll(async () => {
  certificates = {
    x: await transportFields(),
    y: await transportFields({ key: generatePrivateKey('rsa') }),
  };
});
beforeEach(async () => {
  bank = await rotatingBank();
  const all = Object.values(secrets).join(' ');
  keyNames = new Map();
  for (const derived of ['x', 'y'] as const) {
    const keys = encryptionKeys(
      all,
      await createProfile({ ...bank.settings, ...certificates[derived] }),
    );
    keys.forEach(({ id }, index) =>
      keyNames.set(id.toString('hex'), ['a', 'b', 'c', derived][index]!),
    );
  }
});

/** The fields of a credential with these keys. */
function settingsOf(keys: KeySet) {
  const given = keys.slice(0, -1) as (keyof typeof secrets)[];
  return {
    ...certificates[keys.at(-1) as Derived],
    encryptionKey: given.map((name) => secrets[name]).join(' '),
  };
}

const by = (keys: KeySet, store: SqliteStore) =>
  anotherProcess(bank, { settings: settingsOf(keys), store });

/** Runs a property with an empty store. */
async function withStore(run: (store: SqliteStore) => Promise<void>): Promise<void> {
  const store = new SqliteStore(join(folder, `${++files}.sqlite`));
  try {
    await run(store);
  } finally {
    await store.close();
  }
}

/** A record as the model and the test see it. */
interface ModelRecord {
  consent: string;
  key: string;
  /** Whether it has the name that earlier versions gave it. */
  isFormer: boolean;
  grant: string;
  /** The certificate that its tokens are bound to. */
  certificate: string;
}

function seen(record: StoredRecord): Omit<ModelRecord, 'grant' | 'certificate'> {
  const id = Buffer.from(record.envelope.subarray(1, 9));
  const isFormer = record.name === formerRecordName(record);
  if (!isFormer) expect(record.name).toBe(recordName(record, { id }));
  return { consent: record.consent, key: keyNames.get(id.toString('hex'))!, isFormer };
}

const inOrder = (records: readonly object[]) =>
  records.map((record) => JSON.stringify(record)).sort();

const keySets: fc.Arbitrary<KeySet> = fc
  .tuple(fc.shuffledSubarray(['a', 'b', 'c'] as const), fc.constantFrom('x', 'y'))
  .map(([given, derived]) => [...given, derived] as KeySet);

const operations = ['keep', 'former', 'use', 'refresh', 'stored', 'list', 'forget'] as const;

it('finds the newest record of a consent with any keys, and leaves one record after a use', async () => {
  const step = fc.record({
    keys: keySets,
    consent: fc.constantFrom('c', 'd'),
    operation: fc.constantFrom(...operations),
  });
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), (steps) =>
      withStore(async (store) => {
        /** The records, the newest last. */
        let model: ModelRecord[] = [];
        for (const { keys, consent, operation } of steps) {
          // Records are ordered by their time, in milliseconds.
          await pause(2);
          const tokens = await by(keys, store);
          const own = model.filter((r) => r.consent === consent && keys.includes(r.key as 'a'));
          const newest = own.at(-1);
          const others = model.filter((record) => !own.includes(record));
          const leave = (...records: ModelRecord[]) => (model = [...others, ...records]);
          const [key, certificate] = [keys[0], keys.at(-1)!];
          switch (operation) {
            case 'keep': {
              const grant = `g${++grants}`;
              const refresh_token = bank.consent(grant);
              await tokens.keep(consent, passed(tokensOf(`at-${grant}-0`, { refresh_token })));
              leave({ consent, key, isFormer: false, grant, certificate });
              break;
            }
            case 'former': {
              if (model.some((record) => record.consent === consent)) break;
              const grant = `g${++grants}`;
              const refresh_token = bank.consent(grant);
              const given = tokensOf(`at-${grant}-0`, { refresh_token });
              await keepAsFormerVersion(bank, consent, given, settingsOf(keys), store);
              leave({ consent, key, isFormer: true, grant, certificate });
              break;
            }
            case 'use':
            case 'refresh': {
              const refreshNow = operation === 'refresh';
              if (!newest) {
                const failure = await failureOf(tokens.valid(consent, { refreshNow }));
                expect(failure.code).toBe('consent-unknown');
                break;
              }
              const token = await tokens.valid(consent, { refreshNow });
              const { refreshes } = bank.grant(newest.grant);
              expect(token.tokens.access_token).toBe(`at-${newest.grant}-${refreshes}`);
              // Tokens of another certificate are refreshed at once. A refreshed token is the newest one.
              const isRefreshed = refreshNow || newest.certificate !== certificate;
              const isMoved = isRefreshed || own.length > 1;
              const moved = isMoved ? { ...newest, key, isFormer: false } : newest;
              if (isRefreshed) leave({ ...moved, certificate });
              else
                model = model
                  .filter((record) => record === newest || !own.includes(record))
                  .map((record) => (record === newest ? moved : record));
              break;
            }
            case 'stored':
              if (newest)
                expect(await tokens.stored(consent)).toMatchObject({
                  access_token: expect.stringContaining(`at-${newest.grant}-`) as string,
                });
              else
                expect(await failureOf(tokens.stored(consent))).toMatchObject({
                  code: 'consent-unknown',
                });
              break;
            case 'list': {
              const visible = model
                .filter((r) => keys.includes(r.key as 'a'))
                .map((r) => r.consent);
              expect((await tokens.list()).map((listed) => listed.consent)).toEqual(
                [...new Set(visible)].sort(),
              );
              break;
            }
            case 'forget':
              expect(await tokens.forget(consent)).toBe(own.length > 0);
              leave();
          }
          const present = await store.list('client-1');
          expect(inOrder(present.map(seen))).toEqual(
            inOrder(
              model.map(({ consent: of, key: by, isFormer }) => ({
                consent: of,
                key: by,
                isFormer,
              })),
            ),
          );
        }
        expect(bank.revoked()).toEqual([]);
      }),
    ),
    { numRuns: 60 },
  );
}, 120_000);

const orders: fc.Arbitrary<KeySet> = fc
  .shuffledSubarray(['a', 'b', 'c'] as const, { minLength: 3, maxLength: 3 })
  .map((given) => [...given, 'x']);

it('sends a first refresh token once if processes with other orders of the keys begin with it at the same time', async () => {
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(orders, { minLength: 2, maxLength: 4 }), (sets) =>
      withStore(async (store) => {
        const grant = `first${++grants}`;
        const firstRefreshToken = bank.consent(grant);
        const processes = await Promise.all(sets.map((keys) => by(keys, store)));
        const tokens = await Promise.all(
          processes.map((tokens) => tokens.valid('c', { firstRefreshToken })),
        );
        expect(new Set(tokens.map((token) => token.tokens.access_token))).toEqual(
          new Set([`at-${grant}-1`]),
        );
        expect(bank.grant(grant)).toEqual({ refreshes: 1, revoked: false });
        await (await by(sets[0]!, store)).valid('c');
        expect(await store.list('client-1')).toHaveLength(1);
      }),
    ),
    { numRuns: 15 },
  );
}, 120_000);

it('ends no consent if processes with other orders of the keys store, use and refresh at the same time', async () => {
  let grants = 0;
  const step = fc.record({
    keys: orders,
    operation: fc.constantFrom('keep', 'use', 'refresh', 'due', 'forget'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) =>
      withStore(async (store) => {
        const newGrant = () => {
          const grant = `n${++grants}`;
          return { grant, refresh_token: bank.consent(grant) };
        };
        const keepNew = async (keys: KeySet, isDue: boolean) => {
          const { grant, refresh_token } = newGrant();
          const given = isDue ? { expires_at: new Date(0).toISOString() } : {};
          const tokens = tokensOf(`at-${grant}-0`, { refresh_token, ...given });
          await (await by(keys, store)).keep('c', passed(tokens));
        };
        await keepNew(['a', 'x'], true);
        await keepNew(['b', 'x'], true);
        await Promise.all(
          steps.map(async ({ keys, operation }) => {
            const tokens = await by(keys, store);
            if (operation === 'keep' || operation === 'due')
              return keepNew(keys, operation === 'due');
            if (operation === 'forget') return tokens.forget('c');
            const refreshNow = operation === 'refresh';
            return tokens.valid('c', { refreshNow }).catch((error: { code: string }) => {
              expect(error.code).toBe('consent-unknown');
              expect(steps.map((other) => other.operation)).toContain('forget');
            });
          }),
        );
        expect(bank.revoked()).toEqual([]);
        const all = await by(['a', 'b', 'c', 'x'], store);
        const left = await store.list('client-1');
        if (left.length === 0) return;
        await all.valid('c');
        expect(await store.list('client-1')).toHaveLength(1);
        expect(bank.revoked()).toEqual([]);
      }),
    ),
    { numRuns: 25 },
  );
}, 120_000);

describe('two records of a consent', () => {
  it('are used by the newer one, and the older one is removed', async () => {
    await withStore(async (store) => {
      await (await by(['a', 'x'], store)).keep('c', passed(expired(bank, 'old')));
      await pause(2);
      await (await by(['b', 'x'], store)).keep('c', passed(expired(bank, 'new')));
      const both = await by(['a', 'b', 'x'], store);
      expect((await both.valid('c')).tokens.access_token).toBe('at-new-1');
      expect(bank.grant('old')).toEqual({ refreshes: 0, revoked: false });
      expect((await store.list('client-1')).map(seen)).toEqual([
        { consent: 'c', key: 'a', isFormer: false },
      ]);
    });
  });

  it('with the same refresh token are refreshed once, although one is being refreshed', async () => {
    bank = await rotatingBank({ delay: () => 1000 });
    await withStore(async (store) => {
      const tokens = expired(bank, 'g');
      const one = await by(['a', 'x'], store);
      await one.keep('c', passed(tokens));
      const later = new Date(Date.now() + 1).toISOString();
      await (await by(['b', 'x'], store)).keep('c', passed({ ...tokens, obtained_at: later }));
      const refreshing = one.valid('c');
      await until(() => bank.tokenRequests.underWay > 0);
      const both = await by(['b', 'a', 'x'], store);
      expect((await both.valid('c')).tokens.access_token).toBe('at-g-1');
      expect((await refreshing).tokens.access_token).toBe('at-g-1');
      expect(bank.grant('g')).toEqual({ refreshes: 1, revoked: false });
      expect(await store.list('client-1')).toHaveLength(1);
    });
  });

  it('keep the received tokens of the one that is removed', async () => {
    await withStore(async (store) => {
      await (await by(['a', 'x'], store)).keep('c', passed(tokensOf('at-old')));
      await pause(2);
      // This process ended before it had checked them.
      await (await by(['b', 'x'], store)).receive('c', tokensOf('at-received'), {});
      const use = async () => (await by(['a', 'b', 'x'], store)).valid('c');
      expect((await use()).tokens.access_token).toBe('at-old');
      expect(await store.list('client-1')).toHaveLength(1);
      expect((await use()).tokens.access_token).toBe('at-received');
    });
  });
});

it('a record keeps its key if tokens are stored beside its own', async () => {
  await withStore(async (store) => {
    await (await by(['b', 'x'], store)).keep('c', passed(tokensOf('at-1')));
    await (await by(['a', 'b', 'x'], store)).receive('c', tokensOf('at-2'), {});
    expect((await (await by(['b', 'x'], store)).valid('c')).tokens.access_token).toBe('at-2');
    expect((await store.list('client-1')).map(seen)).toEqual([
      { consent: 'c', key: 'b', isFormer: false },
    ]);
  });
});
