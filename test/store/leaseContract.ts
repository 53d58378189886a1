import { setTimeout } from 'node:timers/promises';
import { HOUR, MINUTE } from '../../core/lib/time';
import { holder, readAgain, record, schemaAt } from './places';
import { inProcesses } from './processes';
import type { TestPlace } from './testPlace';

/** The tests of leases, heartbeats and new names that every store passes. */
export function describeLeases(current: TestPlace): void {
  const held = { held: true };
  const notHeld = { held: false };

  describe('a lease', () => {
    it('is returned with the record, and only for a stored record', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      const before = performance.now();
      expect(await store.acquire('a', holder('one'), MINUTE)).toEqual({
        held: true,
        record: readAgain(stored),
        sentAt: { monotonic: expect.any(Number), wall: expect.any(Number) },
      });
      const again = await store.acquire('a', holder('one'), MINUTE);
      if (!again?.held) throw new Error('not held');
      expect(again.sentAt.monotonic).toBeGreaterThanOrEqual(before);
      expect(again.sentAt.monotonic).toBeLessThanOrEqual(performance.now());
      expect(await store.acquire('none', holder('one'), MINUTE)).toBeUndefined();
    });

    it('is given to one of 50 callers', async () => {
      const { store } = current;
      await store.replace(record('a'));
      const stores = [store, ...Array.from({ length: 4 }, () => current.open())];
      const leases = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          stores[at % stores.length]!.acquire('a', holder(`holder ${at}`), MINUTE),
        ),
      );
      expect(leases.filter((lease) => lease?.held)).toHaveLength(1);
      const { lease } = (await store.look('a'))!;
      for (const other of leases) {
        if (!other || other.held) continue;
        expect(other.lease.holder).toBe(lease!.holder);
        expect(other.lease.remaining).toBeGreaterThan(0);
        expect(other.lease.remaining).toBeLessThanOrEqual(MINUTE);
      }
    });

    it('is given to one of four processes', async () => {
      const { store, place } = current;
      const names = Array.from({ length: 20 }, (_, at) => `record ${at}`);
      for (const each of names) await store.replace(record(each));
      const endings = await inProcesses(
        ['a', 'b', 'c', 'd'].map((each) => ({ do: 'acquire', place, names, holder: each })),
      );
      const all = endings.flatMap((ending) => ending.names ?? []);
      expect(all.sort()).toEqual([...names].sort());
    });

    it('is given to its holder again', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.acquire('a', holder('one'), MINUTE)).toMatchObject(held);
    });

    it('does not lock other records', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.replace(record('b'));
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.acquire('b', holder('two'), MINUTE)).toMatchObject(held);
      expect(await store.read('a')).toMatchObject({ name: 'a' });
      expect(await store.replace(record('c'))).toMatchObject({ name: 'c' });
    });

    it('is not free after its time, but its holder can no longer mark an attempt', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('one'), 40);
      await setTimeout(60);
      expect(await store.markAttempt('a', 'one', MINUTE)).toBeUndefined();
      const result = await store.acquire('a', holder('two'), MINUTE);
      if (!result || result.held) throw new Error('held');
      expect(result.lease).toMatchObject({ holder: 'one', isMarked: false });
      expect(result.lease.remaining).toBeLessThanOrEqual(0);
      expect(result.record).toEqual(readAgain(stored));
    });

    it('is taken over only from the holder that has it', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.acquire('a', holder('two'), MINUTE, { holder: 'another' })).toMatchObject(
        notHeld,
      );
      expect(await store.acquire('a', holder('two'), MINUTE, { holder: 'one' })).toMatchObject(
        held,
      );
      expect(await store.acquire('a', holder('three'), MINUTE, { holder: 'one' })).toMatchObject(
        notHeld,
      );
      // The former holder can no longer change the record.
      expect(await store.markAttempt('a', 'one', MINUTE)).toBeUndefined();
      await store.release('a', 'one', { at: 1, limit: 1 });
      expect(await store.settle(record('a'), 'one', stored!.revision)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(stored));
      expect((await store.look('a'))!.lease).toMatchObject({ holder: 'two' });
    });

    it('is not taken over if its holder marked an attempt since it was seen', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      const { at } = (await store.markAttempt('a', 'one', MINUTE))!;
      const take = (markedAt?: number) =>
        store.acquire('a', holder('two'), MINUTE, { holder: 'one', markedAt });
      for (const markedAt of [undefined, at - 1]) {
        expect(await take(markedAt)).toMatchObject({
          held: false,
          lease: { holder: 'one', isMarked: true },
        });
      }
      expect(await take(at)).toMatchObject({ held: true, record: { attempt: { at } } });
    });

    it('lets only its holder remove the record, if a holder is named', async () => {
      const { store } = current;
      const { revision } = (await store.replace(record('a')))!;
      expect(await store.remove('a', revision, 'one')).toBe(false);
      await store.acquire('a', holder('one'), MINUTE);
      await store.acquire('a', holder('two'), MINUTE, { holder: 'one' });
      expect(await store.remove('a', revision, 'one')).toBe(false);
      expect(await store.read('a')).toMatchObject({ revision });
      expect(await store.remove('a', revision - 1, 'two')).toBe(false);
      expect(await store.remove('a', revision, 'two')).toBe(true);
      // Without a holder, the lease does not matter.
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.remove('a')).toBe(true);
    });

    it('is taken over by one of 50 callers at the same time', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.acquire('a', holder('dead'), MINUTE);
      const stores = [store, ...Array.from({ length: 4 }, () => current.open())];
      const leases = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          stores[at % stores.length]!.acquire('a', holder(`holder ${at}`), MINUTE, {
            holder: 'dead',
          }),
        ),
      );
      expect(leases.filter((lease) => lease?.held)).toHaveLength(1);
    });

    it('is shown with its holder and process, until it ends', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      expect(await store.look('a')).toEqual({ record: readAgain(stored) });
      expect(await store.look('none')).toBeUndefined();
      await store.acquire('a', holder('one', 'process 1'), MINUTE);
      const { lease } = (await store.look('a'))!;
      expect(lease).toEqual({
        holder: 'one',
        process: 'process 1',
        beat: undefined,
        beatAge: undefined,
        remaining: expect.any(Number) as number,
        isMarked: false,
      });
      expect(lease!.remaining).toBeGreaterThan(0);
      expect(lease!.remaining).toBeLessThanOrEqual(MINUTE);
      await store.release('a', 'one');
      expect(await store.look('a')).toEqual({ record: readAgain(stored) });
    });

    it('does not last longer if the clock is set back', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), 40);
      const { tokens } = schemaAt(current.place);
      await current.execute(`UPDATE ${tokens} SET lease_until = lease_until + 3600000`);
      const refused = await store.acquire('a', holder('two'), MINUTE);
      expect(refused).toMatchObject({ held: false, lease: { remaining: 40 } });
      await setTimeout(60);
      expect((await store.look('a'))!.lease!.remaining).toBeLessThanOrEqual(0);
    });

    it('of a former version has no process and no heartbeat', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.beat('');
      const { tokens } = schemaAt(current.place);
      await current.execute(
        `UPDATE ${tokens} SET lease_holder = 'former', lease_until = 1000, lease_length = 60000, attempted_at = 5`,
      );
      const { record: read, lease } = (await store.look('a'))!;
      expect(lease).toMatchObject({
        holder: 'former',
        process: '',
        beat: undefined,
        isMarked: false,
      });
      expect(lease!.remaining).toBeLessThan(0);
      expect(read.attempt).toEqual({ at: 5, limit: MINUTE });
      expect(await store.acquire('a', holder('one'), MINUTE)).toMatchObject(notHeld);
      expect(await store.acquire('a', holder('one'), MINUTE, { holder: 'former' })).toMatchObject(
        held,
      );
    });
  });

  describe('a heartbeat', () => {
    it('is counted, and shown with the leases of its process', async () => {
      const { store } = current;
      for (const each of ['a', 'b']) await store.replace(record(each));
      await store.acquire('a', holder('one', 'process 1'), MINUTE);
      await store.acquire('b', holder('two', 'process 2'), MINUTE);
      await store.beat('process 1');
      const first = (await store.look('a'))!.lease!;
      expect(first.beat).toBe(1);
      expect(first.beatAge).toBeGreaterThanOrEqual(0);
      await setTimeout(20);
      expect((await store.look('a'))!.lease!.beatAge).toBeGreaterThanOrEqual(15);
      await store.beat('process 1');
      const refused = await store.acquire('a', holder('three'), MINUTE);
      expect(refused).toMatchObject({ held: false, lease: { process: 'process 1', beat: 2 } });
      expect((await store.look('b'))!.lease!.beat).toBeUndefined();
    });

    it('is forgotten a day later, when another process begins', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.acquire('a', holder('one', 'process 1'), MINUTE);
      await store.beat('process 1');
      const { holders } = schemaAt(current.place);
      await current.execute(`UPDATE ${holders} SET beat_at = beat_at - ${23 * HOUR}`);
      await store.beat('process 2');
      expect((await store.look('a'))!.lease!.beat).toBe(1);
      await current.execute(`UPDATE ${holders} SET beat_at = beat_at - ${2 * HOUR}`);
      await store.beat('process 3');
      expect((await store.look('a'))!.lease!.beat).toBeUndefined();
    });
  });

  describe('a new name', () => {
    it('is given to a record together with other content, and lease and attempt mark stay', async () => {
      const { store } = current;
      const { revision } = (await store.replace(record('old')))!;
      await store.acquire('old', holder('one'), MINUTE);
      const { at } = (await store.markAttempt('old', 'one', 5000))!;
      const change = record('new', { bank: 'https://other.example', consent: 'of old' });
      const renamed = await store.rename(change, 'old', 'one', revision);
      expect(renamed).toEqual(
        readAgain({
          ...change,
          envelope: new Uint8Array(change.envelope),
          revision: revision + 1,
          attempt: { at, limit: 5000 },
          readAt: renamed!.readAt,
        }),
      );
      expect(await store.read('old')).toBeUndefined();
      expect((await store.look('new'))!.lease).toMatchObject({ holder: 'one', isMarked: true });
      // The same again, as after a lost answer.
      expect(await store.rename(change, 'old', 'one', revision)).toEqual(readAgain(renamed));
    });

    it.each([
      ['without the lease', 'none', 0],
      ['if another caller has the lease', 'two', 0],
      ['if the record was changed meanwhile', 'one', 1],
    ])('is not given %s', async (why, by, behind) => {
      const { store } = current;
      const stored = (await store.replace(record('old')))!;
      if (why !== 'without the lease') await store.acquire('old', holder('one'), MINUTE);
      expect(
        await store.rename(record('new'), 'old', by, stored.revision - behind),
      ).toBeUndefined();
      expect(await store.read('old')).toEqual(readAgain(stored));
      expect(await store.read('new')).toBeUndefined();
    });

    it('is not given if another record has it', async () => {
      const { store } = current;
      const old = (await store.replace(record('old')))!;
      const present = await store.replace(record('new'));
      await store.acquire('old', holder('one'), MINUTE);
      expect(await store.rename(record('new'), 'old', 'one', old.revision)).toBeUndefined();
      expect(await store.find(['new', 'old'])).toEqual(
        expect.arrayContaining([readAgain(old), readAgain(present)]),
      );
    });

    it('is given to one of several records at the same time', async () => {
      const { store } = current;
      const names = Array.from({ length: 10 }, (_, at) => `old ${at}`);
      const stored = await Promise.all(names.map((each) => store.replace(record(each))));
      await Promise.all(names.map((each) => store.acquire(each, holder('one'), MINUTE)));
      const stores = names.map(() => current.open());
      const renamed = await Promise.all(
        names.map((each, at) =>
          stores[at]!.rename(record('new'), each, 'one', stored[at]!.revision),
        ),
      );
      expect(renamed.filter(Boolean)).toHaveLength(1);
      expect(await store.find(['new', ...names])).toHaveLength(names.length);
    });
  });
}
