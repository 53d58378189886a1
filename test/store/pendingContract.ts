import { setTimeout } from 'node:timers/promises';
import { MINUTE } from '../../core/lib/time';
import { CLIENT, schemaAt } from './places';
import { TestPlace, type StoreKind } from './testPlace';

/** The tests of pending authorizations that every store passes. */
export function describePending(name: string, kind: StoreKind): void {
  describe(`pending authorizations in ${name}`, () => {
    const current = new TestPlace(kind);
    const envelope = new Uint8Array([0, 255, 1, 254, 10, 13, 39, 92]);

    it('are taken once, with the stored envelope', async () => {
      const { store } = current;
      await store.storePending('a', envelope, MINUTE);
      await store.storePending('b', new Uint8Array([1]), MINUTE);
      expect(await store.takePending('none')).toBeUndefined();
      expect(await store.takePending('a')).toEqual(envelope);
      expect(await store.takePending('a')).toBeUndefined();
      expect(await store.takePending('b')).toEqual(new Uint8Array([1]));
    });

    it('are found several times, also after they were received or taken, until they expire', async () => {
      const { store } = current;
      expect(await store.findPending('a')).toBeUndefined();
      await store.storePending('a', envelope, MINUTE);
      const found = { envelope, isReceived: false, isTaken: false };
      expect(await store.findPending('a')).toEqual(found);
      await store.receivePending('a', MINUTE);
      for (let time = 0; time < 2; time++) {
        expect(await store.findPending('a')).toEqual({ ...found, isReceived: true });
      }
      await store.takePending('a');
      expect(await store.findPending('a')).toEqual({ ...found, isReceived: true, isTaken: true });
      await store.storePending('b', envelope, 40);
      await setTimeout(60);
      expect(await store.findPending('b')).toBeUndefined();
    });

    it('are taken by one of 50 callers', async () => {
      const { store } = current;
      const stores = [store, ...Array.from({ length: 4 }, () => current.open())];
      await store.storePending('a', envelope, MINUTE);
      const taken = await Promise.all(
        Array.from({ length: 50 }, (_, at) => stores[at % stores.length]!.takePending('a')),
      );
      expect(taken.filter((found) => found !== undefined)).toEqual([envelope]);
    });

    it('are received by one of 50 callers, and can still be taken', async () => {
      const { store } = current;
      const stores = [store, ...Array.from({ length: 4 }, () => current.open())];
      await store.storePending('a', envelope, MINUTE);
      const received = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          stores[at % stores.length]!.receivePending('a', MINUTE),
        ),
      );
      expect(received.filter(Boolean)).toEqual([true]);
      expect(await store.takePending('a')).toEqual(envelope);
      expect(await store.receivePending('a', MINUTE)).toBe(false);
    });

    it('are not received after they were taken, and live longer after they were received', async () => {
      const { store } = current;
      await store.storePending('a', envelope, MINUTE);
      await store.takePending('a');
      expect(await store.receivePending('a', MINUTE)).toBe(false);
      await store.storePending('b', envelope, 60);
      expect(await store.receivePending('b', MINUTE)).toBe(true);
      await setTimeout(80);
      expect(await store.takePending('b')).toEqual(envelope);
    });

    it('are not replaced if the same name is stored again, also after they were taken', async () => {
      const { store } = current;
      await store.storePending('a', envelope, MINUTE);
      await store.storePending('a', new Uint8Array([1]), MINUTE);
      expect(await store.takePending('a')).toEqual(envelope);
      await store.storePending('a', envelope, MINUTE);
      expect(await store.takePending('a')).toBeUndefined();
    });

    it('are not found after they expired, and are deleted when the next one is stored', async () => {
      const { store } = current;
      const { pending } = schemaAt(current.place);
      await store.storePending('a', envelope, 40);
      await setTimeout(60);
      expect(await store.takePending('a')).toBeUndefined();
      await store.storePending('b', envelope, MINUTE);
      // This fails unless the name is free.
      await current.execute(
        `INSERT INTO ${pending} (name, envelope, kept_until) SELECT 'a', envelope, kept_until FROM ${pending}`,
      );
      expect(await store.takePending('a')).toEqual(envelope);
    });

    it('are still there after the store was closed and opened again', async () => {
      const { store } = current;
      await store.storePending('a', envelope, MINUTE);
      await store.close();
      expect(await current.open().takePending('a')).toEqual(envelope);
      expect(await store.takePending('a')).toBeUndefined();
    });

    it('are neither listed nor read as records', async () => {
      const { store } = current;
      await store.storePending('a', envelope, MINUTE);
      expect(await store.list(CLIENT)).toEqual([]);
      expect(await store.read('a')).toBeUndefined();
    });
  });
}
