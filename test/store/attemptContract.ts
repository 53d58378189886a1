import { setTimeout } from 'node:timers/promises';
import { MINUTE } from '../../core/lib/time';
import { storeNow } from '../../core/store/store';
import { later } from '../support/clock';
import { holder, readAgain, record } from './places';
import type { TestPlace } from './testPlace';

/** The tests of attempt marks and of the store's clock that every store passes. */
export function describeAttempts(current: TestPlace): void {
  const held = { held: true };

  describe('an attempt mark', () => {
    it('is made only by the holder of the lease', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      expect(await store.markAttempt('a', 'one', 1234)).toBeUndefined();
      await store.acquire('a', holder('one'), MINUTE);
      expect(await store.markAttempt('a', 'two', 1234)).toBeUndefined();
      expect(await store.markAttempt('none', 'one', 1234)).toBeUndefined();
      expect(await store.read('a')).toEqual(readAgain(stored));
      const before = performance.now();
      const { sentAt, ...attempt } = (await store.markAttempt('a', 'one', 1234.9))!;
      expect(attempt).toEqual({ at: expect.any(Number) as number, limit: 1234 });
      expect(sentAt.monotonic).toBeGreaterThanOrEqual(before);
      expect(await store.look('a')).toMatchObject({
        record: readAgain({ ...stored!, attempt }),
        lease: { holder: 'one', isMarked: true },
      });
    });

    it.each([
      ['removed', undefined, {}],
      ['put back', { at: 234, limit: 5 }, { attempt: { at: 234, limit: 5 } }],
    ])('is %s when its lease is released', async (_, attempt, change) => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 1234);
      await store.release('a', 'two', attempt);
      expect((await store.look('a'))!.lease).toMatchObject({ holder: 'one', isMarked: true });
      await store.release('a', 'one', attempt);
      expect(await store.look('a')).toEqual({ record: readAgain({ ...stored!, ...change }) });
      await store.acquire('a', holder('two'), MINUTE);
      expect((await store.look('a'))!.lease).toMatchObject({ holder: 'two', isMarked: false });
    });

    it('can be removed by its holder after the time of the lease, unless another caller has taken it', async () => {
      const { store } = current;
      const stored = await store.replace(record('a'));
      await store.acquire('a', holder('one'), 60);
      await store.markAttempt('a', 'one', 1234);
      await setTimeout(80);
      await store.release('a', 'one');
      expect(await store.read('a')).toEqual(readAgain(stored));
      await store.acquire('a', holder('one'), MINUTE);
      await store.acquire('a', holder('two'), MINUTE, { holder: 'one' });
      const { at } = (await store.markAttempt('a', 'two', 5678))!;
      await store.release('a', 'one');
      const attempt = { at, limit: 5678 };
      expect(await store.read('a')).toEqual(readAgain({ ...stored!, attempt }));
    });

    it('stays when its lease is taken over, and is no mark of the new holder', async () => {
      const { store } = current;
      await store.replace(record('a'));
      await store.acquire('a', holder('one'), MINUTE);
      const { at, limit } = (await store.markAttempt('a', 'one', 1234))!;
      const taken = await store.acquire('a', holder('two'), MINUTE, {
        holder: 'one',
        markedAt: at,
      });
      expect(taken).toMatchObject({ held: true, record: { attempt: { at, limit } } });
      expect((await store.look('a'))!.lease).toMatchObject({ holder: 'two', isMarked: false });
      await store.markAttempt('a', 'two', 99);
      expect((await store.look('a'))!.lease).toMatchObject({ isMarked: true });
      // Nothing was sent, so the former mark comes back.
      await store.release('a', 'two', { at, limit });
      expect(await store.read('a')).toMatchObject({ attempt: { at, limit } });
    });

    it('is set with a state and other content, by the holder alone and for the same revision', async () => {
      const { store } = current;
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
      expect(await store.look('a')).toEqual({ record: readAgain(settled) });
    });

    it('stays with its lease if a record is amended', async () => {
      const { store } = current;
      const { revision } = (await store.replace(record('a')))!;
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 1234);
      const change = record('a');
      expect(await store.amend(change, revision + 1)).toBeUndefined();
      const amended = await store.amend(change, revision);
      expect(amended).toMatchObject({ revision: revision + 1, attempt: { limit: 1234 } });
      expect(Buffer.compare(amended!.envelope, change.envelope)).toBe(0);
      expect(await store.amend(change, revision)).toEqual(readAgain(amended));
      expect((await store.look('a'))!.lease).toMatchObject({ holder: 'one', isMarked: true });
      expect(await store.amend(record('none'), revision)).toBeUndefined();
    });

    it.each(['unconditionally', 'by revision'])(
      'ends with its lease when new tokens are stored %s',
      async (how) => {
        const { store } = current;
        const { revision } = (await store.replace(record('a')))!;
        await store.acquire('a', holder('one'), MINUTE);
        await store.markAttempt('a', 'one', 1234);
        const ifRevision = how === 'by revision' ? revision : undefined;
        const stored = await store.replace(record('a'), ifRevision);
        expect(stored).not.toHaveProperty('attempt');
        expect(await store.markAttempt('a', 'one', 1234)).toBeUndefined();
        expect(await store.look('a')).toEqual({ record: readAgain(stored) });
      },
    );

    it('ends when unchecked tokens are received, and the lease does not', async () => {
      const { store } = current;
      const { revision } = (await store.replace(record('a')))!;
      await store.acquire('a', holder('one'), MINUTE);
      await store.markAttempt('a', 'one', 5);
      const received = record('a');
      expect(await store.receive(received, revision)).toMatchObject({ revision: revision + 1 });
      // The same tokens again, as after a lost answer.
      expect(await store.receive(received, revision)).toMatchObject({ revision: revision + 1 });
      expect(await store.receive(record('a'), revision)).toBeUndefined();
      expect(await store.read('a')).not.toHaveProperty('attempt');
      expect((await store.look('a'))!.lease).toMatchObject({ holder: 'one', isMarked: false });
      await store.replace(record('a'), revision + 1);
      expect(await store.acquire('a', holder('two'), MINUTE)).toMatchObject(held);
    });
  });

  describe('the clock of the store', () => {
    it.each([5, -5])(
      'counts, whatever the clock of the caller: %d minutes apart',
      async (minutes) => {
        const { store } = current;
        await store.replace(record('a'));
        const before = Date.now();
        later(minutes * MINUTE);
        await store.beat('process of one');
        expect(await store.acquire('a', holder('one'), MINUTE)).toMatchObject(held);
        const { at } = (await store.markAttempt('a', 'one', 1234))!;
        const { record: read, lease } = (await store.look('a'))!;
        const now = storeNow(read.readAt);
        jest.useRealTimers();
        const after = Date.now();
        expect(read.attempt).toEqual({ at, limit: 1234 });
        // The store rounds to milliseconds.
        expect(at).toBeGreaterThanOrEqual(before - 1);
        expect(now).toBeGreaterThanOrEqual(at);
        expect(now).toBeLessThanOrEqual(after + 1);
        expect(lease!.remaining).toBeGreaterThan(0);
        expect(lease!.remaining).toBeLessThanOrEqual(MINUTE);
        expect(lease!.beatAge).toBeGreaterThanOrEqual(0);
        expect(lease!.beatAge).toBeLessThanOrEqual(after - before + 1);
      },
    );
  });
}
