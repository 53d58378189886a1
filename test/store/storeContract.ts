import { setTimeout } from 'node:timers/promises';
import { migration, type Schema } from '../../core/store/schema';
import type { StoredRecord, TokenStore } from '../../core/store/store';
import { closeAfterTest } from '../support/servers/closing';
import { failureOf } from '../support/failure';
import { CLIENT, holder, readAgain, record, schemaAt, storeAt, type Place } from './places';
import { inProcesses } from './processes';

/** A kind of store, as the contract needs it. */
export interface StoreKind {
  /** Creates a new, empty place. */
  newPlace: () => Promise<Place>;
  /** Executes an SQL statement at a place, without the store. */
  execute: (place: Place, statement: string) => Promise<void>;
}

/** The tests of records, leases and schema that every store passes. */
export function describeContract(name: string, { newPlace, execute }: StoreKind): void {
  let place: Place;
  let store: TokenStore;

  const open = (schema?: Schema): TokenStore => {
    const opened = storeAt(place, schema);
    closeAfterTest(() => opened.close());
    return opened;
  };
  /** The current schema, with one more version. */
  const nextSchema = (): Schema => {
    const { steps, tokens, ...rest } = schemaAt(place);
    return { ...rest, tokens, steps: [...steps, `ALTER TABLE ${tokens} ADD COLUMN remark TEXT`] };
  };
  const MINUTE = 60_000;

  beforeEach(async () => {
    place = await newPlace();
    store = open();
  });

  describe(`records in ${name}`, () => {
    it('are read with the values that were stored', async () => {
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
      await store.replace(record('bare'));
      const keys = Object.keys((await store.read('bare'))!);
      for (const key of ['expiresAt', 'refreshTokenExpiresAt', 'attempt']) {
        expect(keys).not.toContain(key);
      }
    });

    it('may be large, and have times that are huge or have decimals', async () => {
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
      const first = (await store.replace(record('a')))!;
      const second = (await store.replace(record('a')))!;
      const third = (await store.replace(record('a'), second.revision))!;
      expect(second.revision).toBeGreaterThan(first.revision);
      expect(third.revision).toBeGreaterThan(second.revision);
    });

    it('are replaced only if they have the expected revision', async () => {
      const { revision } = (await store.replace(record('a')))!;
      const newer = await store.replace(record('a'), revision);
      expect(await store.replace(record('a'), revision)).toBeUndefined();
      expect(await store.replace(record('none'), revision)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(newer));
      expect(await store.read('none')).toBeUndefined();
    });

    it('are added with revision 0 only if there is no record of that name', async () => {
      const stored = await store.replace(record('a'), 0);
      expect(await store.replace(record('a'), 0)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(stored));
    });

    it('are not stored twice if the answer to the first call was lost', async () => {
      const { revision } = (await store.replace(record('a')))!;
      const next = record('a');
      const stored = await store.replace(next, revision);
      expect(await store.replace(next, revision)).toEqual(readAgain(stored));
      expect(await store.read('a')).toEqual(readAgain(stored));
    });

    it('never get a revision again that a removed record of the same name had', async () => {
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

    it('are listed sorted by bank and consent', async () => {
      const [one, other] = ['https://a.example', 'https://b.example'];
      await store.replace(record('1', { bank: other, consent: 'a' }));
      await store.replace(record('2', { bank: one, consent: 'b' }));
      await store.replace(record('3', { bank: one, consent: 'B' }));
      await store.replace(record('4', { bank: one, consent: 'ä' }));
      expect((await store.list(CLIENT)).map(({ name }) => name)).toEqual(['3', '2', '4', '1']);
    });

    it('are still there after the store was closed and opened again, with lease and attempt mark', async () => {
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('holder'), MINUTE);
      const { at } = (await store.markAttempt('a', 'holder', 1234))!;
      const attempt = { at, limit: 1234 };
      await store.close();
      const reopened = open();
      expect(await reopened.read('a')).toEqual(readAgain({ ...stored!, attempt }));
      expect(await reopened.acquire('a', holder('other'), MINUTE)).toMatchObject({ held: false });
      expect(await store.read('a')).toMatchObject({ attempt });
    });

    it('are still there if the process is killed right after it stored them', async () => {
      const [ending] = await inProcesses([{ do: 'store and die', place, name: 'a' }]);
      expect(ending).toEqual({ names: undefined, code: null, signal: 'SIGKILL' });
      expect(await store.read('a')).toMatchObject({ name: 'a' });
    });

    it('are written by two processes that create the store at the same time', async () => {
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
      const [ending] = await inProcesses([{ do: 'read and leave', place }]);
      expect(ending).toEqual({ names: [], code: 0, signal: null });
    });

    it('are not changed by assertWritable()', async () => {
      await store.assertWritable();
      await Promise.all(Array.from({ length: 20 }, () => store.assertWritable()));
      expect(await store.list(CLIENT)).toEqual([]);
    });
  });

  describe(`a lease in ${name}`, () => {
    const held = { held: true };

    it('is returned with the record, and only for a stored record', async () => {
      const stored = await store.replace(record('a'));
      expect(await store.acquire('a', holder('one'), MINUTE)).toMatchObject({
        held: true,
        record: readAgain(stored),
      });
      expect(await store.acquire('none', holder('one'), MINUTE)).toBeUndefined();
    });

    it('is given to one of 50 callers', async () => {
      await store.replace(record('a'));
      const stores = [store, ...Array.from({ length: 4 }, () => open())];
      const leases = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          stores[at % stores.length]!.acquire('a', holder(`holder ${at}`), MINUTE),
        ),
      );
      expect(leases.filter((lease) => lease?.held)).toHaveLength(1);
      for (const lease of leases) {
        if (!lease || lease.held) continue;
        expect(lease.lease.remaining).toBeGreaterThan(0);
        expect(lease.lease.remaining).toBeLessThanOrEqual(MINUTE);
      }
    });

    it('is given to one of four processes', async () => {
      const names = Array.from({ length: 20 }, (_, at) => `record ${at}`);
      for (const name of names) await store.replace(record(name));
      const endings = await inProcesses(
        ['a', 'b', 'c', 'd'].map((holder) => ({ do: 'acquire', place, names, holder })),
      );
      const all = endings.flatMap((ending) => ending.names ?? []);
      expect(all.sort()).toEqual([...names].sort());
    });

    it('can be taken over after its time, and its former holder can no longer change the record', async () => {
      const stored = await store.replace(record('a'));
      expect(await store.acquire('a', holder('one'), 40)).toMatchObject(held);
      await setTimeout(60);
      expect(await store.markAttempt('a', 'one', 1)).toBeUndefined();
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject({ held: false });
      expect(await store.acquire('a', holder('two'), MINUTE, 'one')).toMatchObject(held);
      expect(await store.markAttempt('a', 'one', 1)).toBeUndefined();
      await store.release('a', 'one', { at: 1, limit: 1 });
      expect(await store.acquire('a', holder('three'), MINUTE)).toMatchObject({ held: false });
      expect(await store.read('a')).toEqual(readAgain(stored));
    });

    it('is given to its holder again', async () => {
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.acquire('a', holder('one'), MINUTE)).toMatchObject(held);
    });

    it('does not lock other records', async () => {
      await store.replace(record('a'));
      await store.replace(record('b'));
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.acquire('b', holder('two'), MINUTE)).toMatchObject(held);
      expect(await store.read('a')).toMatchObject({ name: 'a' });
      expect(await store.replace(record('c'))).toMatchObject({ name: 'c' });
    });

    it('permits only its holder to mark an attempt', async () => {
      const stored = await store.replace(record('a'));
      expect(await store.markAttempt('a', 'one', 1234)).toBeUndefined();
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.markAttempt('a', 'two', 1234)).toBeUndefined();
      expect(await store.markAttempt('none', 'one', 1234)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(stored));
      const { at } = (await store.markAttempt('a', 'one', 1234))!;
      expect(await store.read('a')).toEqual(
        readAgain({ ...stored!, attempt: { at, limit: 1234 } }),
      );
    });

    it.each([
      ['no attempt mark', undefined, {}],
      ['the former attempt mark', { at: 234, limit: 5 }, { attempt: { at: 234, limit: 5 } }],
    ])('ends with %s', async (_, attempt, change) => {
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 1234);
      await store.release('a', 'two', attempt);
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject({ held: false });
      await store.release('a', 'one', attempt);
      expect(await store.read('a')).toEqual(readAgain({ ...stored!, ...change }));
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject(held);
    });

    it('can be released by its holder after its time, unless another caller has taken it', async () => {
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('one'), 40);
      await store.markAttempt('a', 'one', 1234);
      await setTimeout(60);
      await store.release('a', 'one');
      expect(await store.read('a')).toEqual(readAgain(stored));
      await store.acquire('a', holder('one'), 40);
      await setTimeout(60);
      await store.acquire('a', holder('two'), MINUTE, 'one');
      const { at } = (await store.markAttempt('a', 'two', 5678))!;
      await store.release('a', 'one');
      expect(await store.read('a')).toEqual(
        readAgain({ ...stored!, attempt: { at, limit: 5678 } }),
      );
    });

    it('ends with a state, other content and a mark, stored by its holder alone and for the same revision', async () => {
      const { revision } = (await store.replace(record('a')))!;
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 1234);
      const change = record('a', { state: 'needs-consent' });
      expect(await store.settle(change, 'two', revision)).toBeUndefined();
      expect(await store.settle(change, 'one', revision + 1)).toBeUndefined();
      const attempt = { at: 1234, limit: 5 };
      const settled = await store.settle(change, 'one', revision, attempt);
      const expected = { state: 'needs-consent', revision: revision + 1, attempt };
      expect(settled).toMatchObject(expected);
      expect(Buffer.compare(settled!.envelope, change.envelope)).toBe(0);
      // The same again, as after a lost answer.
      expect(await store.settle(change, 'one', revision, attempt)).toEqual(readAgain(settled));
      expect(await store.read('a')).toEqual(readAgain(settled));
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject(held);
    });

    it('and the attempt mark stay if a record is amended', async () => {
      const { revision } = (await store.replace(record('a')))!;
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 1234);
      const change = record('a');
      expect(await store.amend(change, revision + 1)).toBeUndefined();
      const amended = await store.amend(change, revision);
      expect(amended).toMatchObject({ revision: revision + 1, attempt: { limit: 1234 } });
      expect(Buffer.compare(amended!.envelope, change.envelope)).toBe(0);
      expect(await store.amend(change, revision)).toEqual(readAgain(amended));
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject({ held: false });
      expect(await store.amend(record('none'), revision)).toBeUndefined();
    });

    it.each(['unconditionally', 'by revision'])(
      'ends when new tokens are stored %s',
      async (how) => {
        const { revision } = (await store.replace(record('a')))!;
        await store.acquire('a', holder('one'), MINUTE);
        await store.markAttempt('a', 'one', 1234);
        const stored = await store.replace(
          record('a'),
          how === 'by revision' ? revision : undefined,
        );
        expect(stored).not.toHaveProperty('attempt');
        expect(await store.markAttempt('a', 'one', 1234)).toBeUndefined();
        expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject({
          held: true,
          record: readAgain(stored),
        });
      },
    );

    it('does not end when unchecked tokens are received, which remove the attempt mark', async () => {
      const { revision } = (await store.replace(record('a')))!;
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 5);
      const received = record('a');
      expect(await store.receive(received, revision)).toMatchObject({ revision: revision + 1 });
      // The same tokens again, as after a lost answer.
      expect(await store.receive(received, revision)).toMatchObject({ revision: revision + 1 });
      expect(await store.receive(record('a'), revision)).toBeUndefined();
      expect(await store.read('a')).not.toHaveProperty('attempt');
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject({ held: false });
      await store.replace(record('a'), revision + 1);
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject({ held: true });
    });

    it('does not last longer if the clock is set back', async () => {
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), 40);
      const { tokens } = schemaAt(place);
      await execute(place, `UPDATE ${tokens} SET lease_until = lease_until + 3600000`);
      const refused = await store.acquire('a', holder('two'), MINUTE);
      expect(refused).toMatchObject({ held: false, lease: { remaining: 40 } });
      await setTimeout(60);
      const { lease } = (await store.look('a'))!;
      expect(lease!.remaining).toBeLessThanOrEqual(0);
    });
  });

  describe(`the schema in ${name}`, () => {
    it('is migrated from the first version to the latest, with its records', async () => {
      const elsewhere = await newPlace();
      const { tokens, steps, ...rest } = schemaAt(elsewhere);
      const first = { ...rest, tokens, steps: steps.slice(0, 1) };
      for (const step of migration(first, 0)) await execute(elsewhere, step);
      await execute(
        elsewhere,
        `INSERT INTO ${tokens} (name, bank, client_id, consent, envelope, state, obtained_at, certificate_thumbprint, revision)
          VALUES ('a', 'b', 'c', 'd', '', 'usable', 1, 'x', 2)`,
      );
      const migrated = storeAt(elsewhere);
      closeAfterTest(() => migrated.close());
      await migrated.storePending('p', new Uint8Array([1]), MINUTE);
      expect(await migrated.takePending('p')).toEqual(new Uint8Array([1]));
      expect(await migrated.list('c')).toMatchObject([{ name: 'a', consent: 'd', revision: 2 }]);
    });

    it('is migrated from an empty database to a later version', async () => {
      const newer = open(nextSchema());
      await newer.replace(record('a'));
      expect(await newer.read('a')).toMatchObject({ name: 'a' });
    });

    it('is migrated to the next version by several stores at the same time, with its records', async () => {
      const stored = await store.replace(record('a'));
      const newer = Array.from({ length: 4 }, () => open(nextSchema()));
      expect(await Promise.all(newer.map((next) => next.read('a')))).toEqual(
        Array(4).fill(readAgain(stored)),
      );
    });

    it('is not changed if it is newer, and the store fails with store-newer', async () => {
      await open(nextSchema()).replace(record('a'));
      const older = open();
      const error = await failureOf(older.read('a'));
      expect(error).toMatchObject({ code: 'store-newer', stage: 'store', outcome: 'not-sent' });
      expect(await failureOf(older.replace(record('a')))).toMatchObject({ code: 'store-newer' });
    });
  });
}
