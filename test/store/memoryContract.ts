import { setTimeout } from 'node:timers/promises';
import { HOUR, MINUTE } from '../../core/lib/time';
import type { NewMemory } from '../../core/store/memories';
import { CLIENT, schemaAt } from './places';
import { TestPlace, type StoreKind } from './testPlace';

const BANK = 'https://bank.example/token';

/** Memories of consents without tokens, and of none, stay for an hour. */
const TIMES = { afterTokens: HOUR, afterChange: HOUR };

/** A memory as it is stored for the first time. */
function memory(name: string, changes: Partial<NewMemory> = {}): NewMemory {
  return {
    name,
    bank: BANK,
    clientId: CLIENT,
    consent: 'c',
    kind: 'account',
    envelope: new Uint8Array(Buffer.from(`sealed ${name} ${Math.random()}`)),
    ...changes,
  };
}

/** The tests of memories and reads that every store passes. */
export function describeMemories(name: string, kind: StoreKind): void {
  describe(`memories in ${name}`, () => {
    const current = new TestPlace(kind);
    const memories = () => current.store.memories;
    const namesOf = async (consent: string, bank = BANK) =>
      (await memories().ofConsent(CLIENT, [bank], consent)).map((one) => one.name);

    it('are found by their consent and by their names, as they were stored', async () => {
      const one = memory('a', { envelope: new Uint8Array([0, 255, 1, 10, 13, 39]) });
      const revision = await memories().add(one);
      await memories().add(memory('b', { kind: 'consent' }));
      await memories().add(memory('of another bank', { bank: 'https://other.example' }));
      await memories().add(memory('of another client', { clientId: 'client-2' }));
      await memories().add(memory('of another consent', { consent: 'C' }));
      const readAt = { at: expect.any(Number), learnedAt: expect.any(Number) };
      const found = [{ ...one, revision, isEnding: false, readAt }];
      expect(await memories().find(['a', 'none'])).toEqual(found);
      expect(await namesOf('c')).toEqual(['a', 'b']);
      expect(await namesOf('c', 'https://other.example')).toEqual(['of another bank']);
      expect(await memories().find([])).toEqual([]);
    });

    it('are added once, and changed only at the revision that was read', async () => {
      const first = memory('a');
      const revision = (await memories().add(first))!;
      expect(await memories().add(memory('a'))).toBeUndefined();
      const second = memory('a');
      const next = (await memories().change(second, 'a', revision))!;
      expect(next).toBeGreaterThan(revision);
      expect(await memories().change(memory('a'), 'a', revision)).toBeUndefined();
      expect(await memories().find(['a'])).toMatchObject([{ envelope: second.envelope }]);
    });

    it('are stored once if the answer to the first call was lost', async () => {
      const first = memory('a');
      const revision = (await memories().add(first))!;
      expect(await memories().add(first)).toBe(revision);
      const second = memory('a');
      const next = await memories().change(second, 'a', revision);
      expect(await memories().change(second, 'a', revision)).toBe(next);
    });

    it('get another name, unless there is one of that name', async () => {
      const revision = (await memories().add(memory('a')))!;
      await memories().add(memory('taken'));
      expect(await memories().change(memory('taken'), 'a', revision)).toBeUndefined();
      expect(await memories().change(memory('free'), 'a', revision)).toBeDefined();
      expect(await namesOf('c')).toEqual(['free', 'taken']);
    });

    it('are changed by one of 20 callers that read the same revision', async () => {
      const revision = (await memories().add(memory('a')))!;
      const changes = Array.from({ length: 20 }, () =>
        memories().change(memory('a'), 'a', revision),
      );
      const done = (await Promise.all(changes)).filter((one) => one !== undefined);
      expect(done).toHaveLength(1);
    });

    it('are forgotten after their time, unless they were changed meanwhile', async () => {
      const revision = (await memories().add(memory('a')))!;
      await memories().add(memory('b'));
      await memories().add(memory('c'));
      await memories().forgetLater(['a', 'b'], 20);
      await memories().forgetLater(['c'], HOUR);
      await memories().change(memory('a'), 'a', revision);
      await setTimeout(30);
      await memories().sweep(TIMES);
      expect(await namesOf('c')).toEqual(['a', 'c']);
      expect(await memories().remove(['a', 'c', 'none'])).toBe(2);
      expect(await namesOf('c')).toEqual([]);
    });

    it('are not forgotten if they are used again', async () => {
      for (const name of ['a', 'b']) await memories().add(memory(name));
      await memories().forgetLater(['a', 'b'], 20);
      expect(await memories().find(['a'])).toMatchObject([{ isEnding: true }]);
      await memories().keep(['a', 'none']);
      expect(await memories().find(['a'])).toMatchObject([{ isEnding: false }]);
      await setTimeout(30);
      await memories().sweep(TIMES);
      expect(await namesOf('c')).toEqual(['a']);
    });

    describe('reads', () => {
      const limit = { count: 4, pause: 0 };
      const counted = async (...names: string[]) => memories().countReads(names);

      it('are counted for each resource, once for each reading', async () => {
        await memories().addReads(['a', 'b'], 'first');
        await memories().addReads(['a'], 'first');
        await memories().addReads(['a'], 'second');
        const reads = await memories().countReads(['a', 'b', 'none']);
        expect(reads.sort((one, other) => (one.name < other.name ? -1 : 1))).toMatchObject([
          { name: 'a', count: 2 },
          { name: 'b', count: 1 },
        ]);
        expect(reads[0]!.lastAt).toBeLessThanOrEqual(await memories().now());
        expect(reads[0]!.firstAt).toBeLessThanOrEqual(reads[0]!.lastAt);
      });

      it('are counted for each of the readings of 10 processes at the same time', async () => {
        const processes = Array.from({ length: 10 }, () => current.open().memories);
        const read = async (process: (typeof processes)[number], at: number) => {
          for (let turn = 0; turn < 5; turn++) {
            await process.addReads(['a', 'b'], `process ${at}, turn ${turn}`);
          }
        };
        await Promise.all(processes.map(read));
        expect(await counted('a', 'b')).toMatchObject([{ count: 50 }, { count: 50 }]);
      });

      it('are taken until the limit is reached', async () => {
        for (const reading of ['1', '2', '3', '4']) {
          expect(await memories().takeReads(['a'], reading, limit)).toEqual(['a']);
        }
        expect(await memories().takeReads(['a', 'b'], '5', limit)).toEqual(['b']);
        expect(await counted('a')).toMatchObject([{ count: 4 }]);
      });

      it('are taken only after the pause since the last one', async () => {
        const spread = { count: 4, pause: MINUTE };
        expect(await memories().takeReads(['a'], '1', spread)).toEqual(['a']);
        expect(await memories().takeReads(['a'], '2', spread)).toEqual([]);
        await memories().addReads(['b'], 'of the editor');
        expect(await memories().takeReads(['b'], '3', spread)).toEqual([]);
      });

      it('are taken by one of 20 callers at the same time', async () => {
        const spread = { count: 4, pause: MINUTE };
        const takes = Array.from({ length: 20 }, (_, at) =>
          memories().takeReads(['a'], `${at}`, spread),
        );
        expect((await Promise.all(takes)).flat()).toEqual(['a']);
        expect(await counted('a')).toMatchObject([{ count: 1 }]);
      });

      it('are taken back if the bank was not reached', async () => {
        await memories().takeReads(['a', 'b'], '1', limit);
        await memories().removeReads(['a'], '1');
        expect(await counted('a', 'b')).toMatchObject([{ name: 'b' }]);
      });

      it('no longer count after 24 hours, and are then swept', async () => {
        const { reads } = schemaAt(current.place);
        await memories().addReads(['a'], 'today');
        const before = Date.now() - 24 * HOUR - MINUTE;
        await current.execute(
          `INSERT INTO ${reads} (name, number, reading, at) VALUES ('b', 1, 'yesterday', ${before})`,
        );
        expect(await counted('a', 'b')).toMatchObject([{ name: 'a' }]);
        await memories().sweep(TIMES);
        await current.execute(`UPDATE ${reads} SET at = at + ${HOUR}`);
        expect(await counted('a', 'b')).toMatchObject([{ name: 'a' }]);
      });
    });

    it('say how long ago a process gave its last heartbeat', async () => {
      expect(await memories().beatAge('p')).toBeUndefined();
      await current.store.beat('p');
      const age = (await memories().beatAge('p'))!;
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(MINUTE);
    });
  });
}
