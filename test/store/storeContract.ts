import { setTimeout } from 'node:timers/promises';
import { MINUTE } from '../../core/lib/time';
import { migration, type Schema } from '../../core/store/schema';
import type { StoredRecord } from '../../core/store/store';
import { failureOf } from '../support/failure';
import { describeAttempts } from './attemptContract';
import { describeLeases } from './leaseContract';
import { CLIENT, holder, readAgain, record, schemaAt } from './places';
import { inProcesses } from './processes';
import { TestPlace, type StoreKind } from './testPlace';

export type { StoreKind };

/** The tests of records, leases, attempt marks and schema that every store passes. */
export function describeContract(name: string, kind: StoreKind): void {
  describe(name, () => {
    const current = new TestPlace(kind);
    describeRecords(current);
    describeLeases(current);
    describeAttempts(current);
    describeSchema(current);
  });
}

function describeRecords(current: TestPlace): void {
  describe('records', () => {
    it('are read with the values that were stored', async () => {
      const { store } = current;
      const full = record('full', {
        consent: 'Zoë’s “consent” \u{1F511}',
        envelope: new Uint8Array([0, 255, 1, 254, 10, 13, 39, 92]),
        state: 'needs-consent',
        expiresAt: 1_790_000_003_600,
        refreshTokenExpiresAt: 1_799_999_999_999,
      });
      const stored = await store.replace(full);
      expect(stored).toEqual(readAgain({ ...full, revision: expect.any(Number) } as StoredRecord));
      expect(await store.read('full')).toEqual(readAgain(stored));
      expect(await store.read('other')).toBeUndefined();
    });

    it('may have no expiry and no attempt mark', async () => {
      const { store } = current;
      await store.replace(record('bare'));
      const keys = Object.keys((await store.read('bare'))!);
      for (const key of ['expiresAt', 'refreshTokenExpiresAt', 'attempt']) {
        expect(keys).not.toContain(key);
      }
    });

    it('may be large, and have times that are huge or have decimals', async () => {
      const { store } = current;
      const envelope = Buffer.alloc(500_000, 'sealed');
      await store.replace(
        record('odd', { envelope, expiresAt: 1e300, refreshTokenExpiresAt: 1234.5 }),
      );
      const read = (await store.read('odd'))!;
      expect(Buffer.compare(read.envelope, envelope)).toBe(0);
      expect(read.expiresAt).toBe(Number.MAX_SAFE_INTEGER);
      expect(read.refreshTokenExpiresAt).toBe(1234);
    });

    it('get a higher revision with each change', async () => {
      const { store } = current;
      const first = (await store.replace(record('a')))!;
      const second = (await store.replace(record('a')))!;
      const third = (await store.replace(record('a'), second.revision))!;
      expect(second.revision).toBeGreaterThan(first.revision);
      expect(third.revision).toBeGreaterThan(second.revision);
    });

    it('are replaced only if they have the expected revision', async () => {
      const { store } = current;
      const { revision } = (await store.replace(record('a')))!;
      const newer = await store.replace(record('a'), revision);
      expect(await store.replace(record('a'), revision)).toBeUndefined();
      expect(await store.replace(record('none'), revision)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(newer));
      expect(await store.read('none')).toBeUndefined();
    });

    it('are added with revision 0 only if there is no record of that name', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'), 0);
      expect(await store.replace(record('a'), 0)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(stored));
    });

    it('are not stored twice if the answer to the first call was lost', async () => {
      const { store } = current;
      const { revision } = (await store.replace(record('a')))!;
      const next = record('a');
      const stored = await store.replace(next, revision);
      expect(await store.replace(next, revision)).toEqual(readAgain(stored));
      expect(await store.read('a')).toEqual(readAgain(stored));
    });

    it('never get a revision again that a removed record of the same name had', async () => {
      const { store } = current;
      const former = (await store.replace(record('a')))!;
      expect(await store.remove('a')).toBe(true);
      expect(await store.remove('a')).toBe(false);
      expect(await store.read('a')).toBeUndefined();
      // The first revision of a record is the time.
      await setTimeout(5);
      const present = await store.replace(record('a'));
      expect(await store.replace(record('a'), former.revision)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(present));
    });

    it('are listed by client, sorted by bank and consent', async () => {
      const { store } = current;
      const [one, other] = ['https://a.example', 'https://b.example'];
      await store.replace(record('1', { bank: other, consent: 'a' }));
      await store.replace(record('2', { bank: one, consent: 'b' }));
      await store.replace(record('3', { bank: one, consent: 'B' }));
      await store.replace(record('4', { bank: one, consent: 'ä' }));
      await store.replace(record('5', { bank: one, clientId: 'client-2' }));
      await store.replace(record('6', { bank: one, clientId: 'Client-1' }));
      expect((await store.list(CLIENT)).map(({ name }) => name)).toEqual(['3', '2', '4', '1']);
      expect((await store.list('client-2')).map(({ name }) => name)).toEqual(['5']);
      expect(await store.list('none')).toEqual([]);
    });

    it('are found by many names, whatever is in them', async () => {
      const { store } = current;
      const odd = ['"', "'", '\\', 'a,b', '[]', 'Zoë \u{1F511}', '$1', ':name', '%', ' a'];
      const stored = await Promise.all(odd.map((name) => store.replace(record(name))));
      await store.replace(record('a'));
      const others = Array.from({ length: 500 }, (_, at) => `none ${at}`);
      const found = await store.find([...odd, ...others, ...odd]);
      expect(found).toHaveLength(odd.length);
      expect(found).toEqual(expect.arrayContaining(stored.map(readAgain)));
      expect(await store.find([])).toEqual([]);
    });

    it('are still there after the store was closed and opened again, with lease and attempt mark', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('holder'), MINUTE);
      const { at } = (await store.markAttempt('a', 'holder', 1234))!;
      const attempt = { at, limit: 1234 };
      await store.close();
      const reopened = current.open();
      expect(await reopened.read('a')).toEqual(readAgain({ ...stored!, attempt }));
      expect(await reopened.acquire('a', holder('other'), MINUTE)).toMatchObject({ held: false });
      expect(await store.read('a')).toMatchObject({ attempt });
    });

    it('are still there if the process is killed right after it stored them', async () => {
      const { place, store } = current;
      const [ending] = await inProcesses([{ do: 'store and die', place, name: 'a' }]);
      expect(ending).toEqual({ names: undefined, code: null, signal: 'SIGKILL' });
      expect(await store.read('a')).toMatchObject({ name: 'a' });
    });

    it('are written by two processes that create the store at the same time', async () => {
      const { place, store } = current;
      const names = (prefix: string) => Array.from({ length: 50 }, (_, at) => `${prefix}${at}`);
      const endings = await inProcesses([
        { do: 'store', place, names: names('a') },
        { do: 'store', place, names: names('b') },
      ]);
      expect(endings.map(({ code }) => code)).toEqual([0, 0]);
      const stored = (await store.list(CLIENT)).map(({ name }) => name);
      expect(stored.sort()).toEqual([...names('a'), ...names('b')].sort());
    });

    it('do not keep a process running', async () => {
      const { place } = current;
      const [ending] = await inProcesses([{ do: 'read and leave', place }]);
      expect(ending).toEqual({ names: [], code: 0, signal: null });
    });

    it('are not changed by assertWritable()', async () => {
      const { store } = current;
      await store.assertWritable();
      await Promise.all(Array.from({ length: 20 }, () => store.assertWritable()));
      expect(await store.list(CLIENT)).toEqual([]);
    });
  });
}

function describeSchema(current: TestPlace): void {
  /** The current schema, with one more version. */
  const nextSchema = (): Schema => {
    const { steps, tokens, ...rest } = schemaAt(current.place);
    return { ...rest, tokens, steps: [...steps, `ALTER TABLE ${tokens} ADD COLUMN remark TEXT`] };
  };

  describe('the schema', () => {
    it.each([1, 2, 3])(
      'is migrated from version %d to the latest, with its records, leases and attempt marks',
      async (version) => {
        const { store } = current;
        const { steps, ...tables } = schemaAt(current.place);
        const former = { ...tables, steps: steps.slice(0, version) };
        for (const step of migration(former, 0)) await current.execute(step);
        const columns = `name, bank, client_id, consent, envelope, state, obtained_at,
          certificate_thumbprint, revision, attempted_at, lease_holder, lease_until, lease_length`;
        await current.execute(
          `INSERT INTO ${tables.tokens} (${columns})
            VALUES ('a', 'b', 'c', 'd', '', 'usable', 1, 'x', 2, 1234, 'former', 5678, 60000)`,
        );
        await store.storePending('p', new Uint8Array([1]), MINUTE);
        expect(await store.takePending('p')).toEqual(new Uint8Array([1]));
        const attempt = { at: 1234, limit: MINUTE };
        expect(await store.list('c')).toMatchObject([{ name: 'a', revision: 2, attempt }]);
        expect(await store.acquire('a', holder('one'), MINUTE)).toMatchObject({
          held: false,
          lease: { holder: 'former', process: '', beat: undefined, isMarked: false },
        });
        const taken = await store.acquire('a', holder('one'), MINUTE, { holder: 'former' });
        expect(taken).toMatchObject({ held: true, record: { attempt } });
      },
    );

    it('is migrated from an empty database to a later version', async () => {
      const newer = current.open(nextSchema());
      await newer.replace(record('a'));
      expect(await newer.read('a')).toMatchObject({ name: 'a' });
    });

    it('is migrated to the next version by several stores at the same time, with its records', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      const newer = Array.from({ length: 4 }, () => current.open(nextSchema()));
      expect(await Promise.all(newer.map((next) => next.read('a')))).toEqual(
        Array(4).fill(readAgain(stored)),
      );
    });

    it('is not changed if it is newer, and the store fails with store-newer', async () => {
      await current.open(nextSchema()).replace(record('a'));
      const older = current.open();
      const error = await failureOf(older.read('a'));
      expect(error).toMatchObject({ code: 'store-newer', stage: 'store', outcome: 'not-sent' });
      expect(await failureOf(older.replace(record('a')))).toMatchObject({ code: 'store-newer' });
    });
  });
}
