import fc from 'fast-check';
import { histories } from './history';
import { judged, type Delivery } from './judgement';
import { trackedHistory } from './trackedHistory';
import { believer, doubter, oracle, simplifier, type Tracker } from './trackers';
import { FROM, World } from './world';

/** The histories in which a reader with such trackers loses, repeats or mixes up transactions. */
async function faultsOf(trackerOf: () => Tracker) {
  const faults = { lost: 0, repeated: 0, sharedIds: 0 };
  for (const history of fc.sample(histories, { seed: 7, numRuns: 120 })) {
    const judgement = await trackedHistory(history, trackerOf);
    for (const kind of Object.keys(faults) as (keyof typeof faults)[]) {
      if (judgement[kind].length > 0) faults[kind]++;
    }
  }
  return faults;
}

describe('the model bank', () => {
  it('finds no fault in a reader that knows the truth', async () => {
    expect(await faultsOf(oracle)).toEqual({ lost: 0, repeated: 0, sharedIds: 0 });
  });

  it('finds losses if a reader believes the IDs of banks', async () => {
    expect((await faultsOf(believer)).lost).toBeGreaterThan(10);
  });

  it('finds an ID that names two transactions, and one that no execution got', () => {
    const world = new World({ accounts: [{ ids: 'unique', isIdentified: true }] });
    const [account] = world.accounts;
    const rows = world.rows(account!, FROM);
    world.answers.push({ account: 0, isComplete: true, today: '2026-03-02', from: FROM, rows });
    const deliveries = rows.map(({ day, amount }): Delivery => {
      return { account: 0, id: 'x', day, amount, end: 'succeeded' };
    });
    const failed: Delivery = { ...deliveries[0]!, id: 'y', end: 'failed' };
    expect(judged(world, [...deliveries, failed], 'all')).toMatchObject({
      sharedIds: ['account 0: x names two transactions'],
      lost: [expect.any(String), expect.any(String)],
      repeated: [],
    });
  });

  it('finds a loss if a payment with an ID of its own is taken for an equal one that is missing, also if the IDs change later', () => {
    const world = new World({ accounts: [{ ids: 'unique', isIdentified: true }] });
    const [account] = world.accounts;
    const deliveries: Delivery[] = [];
    const read = (missing?: number) => {
      const rows = world.rows(account!, FROM).filter(({ number }) => number !== missing);
      world.answers.push({ account: 0, isComplete: true, today: '2026-03-02', from: FROM, rows });
      return rows;
    };
    for (const { number, day, amount } of read()) {
      deliveries.push({ account: 0, id: `${number}`, day, amount, end: 'succeeded' });
    }
    const [first] = account!.truths;
    world.take({ do: 'book an equal one', at: 0, pick: 1 });
    read(first!.number);
    expect(judged(world, deliveries, 'all').lost).toHaveLength(1);
    world.take({ do: 'renumber', at: 0, all: true });
    read(first!.number);
    expect(judged(world, deliveries, 'all').lost).toHaveLength(1);
  });

  it('finds a loss if a payment took the place of another one, unless the other one is under a day before the start and had its text', () => {
    for (const [changes, losses] of [
      [[], 0],
      [[{ do: 'rewrite', at: 0, pick: 0 }], 1],
      [[{ do: 're-date', at: 0, pick: 1, by: 2 }], 1],
    ] as const) {
      const world = new World({ accounts: [{ ids: 'none', isIdentified: true }] });
      const read = () => {
        const rows = world.rows(world.accounts[0]!, FROM);
        world.answers.push({ account: 0, isComplete: true, today: '2026-03-02', from: FROM, rows });
        return rows;
      };
      world.take({ do: 'book', at: 0, amount: 0, back: 0, first: false });
      const found = new Set(read().map(({ number }) => number));
      world.beginnings.set(0, { day: '2026-03-02', found });
      world.take({ do: 'book an equal one', at: 0, pick: 0 });
      world.take({ do: 're-date', at: 0, pick: 1, by: -1 });
      for (const step of changes) world.take(step);
      read();
      expect(judged(world, [], 'now').lost).toHaveLength(losses);
    }
  });

  it('finds a loss if a payment was in one answer alone, unless nobody stored that answer', () => {
    const world = new World({ accounts: [{ ids: 'none', isIdentified: true }] });
    const read = (from: string, missing?: string) => {
      const all = world.rows(world.accounts[0]!, from);
      const rows = all.filter(({ day }) => day !== missing);
      const answer = { account: 0, isComplete: true, today: '2026-03-02', from, rows };
      world.answers.push(answer);
      world.lastFrom.set(0, from);
      return answer;
    };
    const first = read(FROM);
    const [delivered] = read(FROM, '2026-02-27').rows.map(({ day, amount }): Delivery => {
      return { account: 0, id: 'x', day, amount, end: 'succeeded' };
    });
    read('2026-03-01');
    expect(judged(world, [delivered!], 'all').lost).toHaveLength(1);
    world.unseen.add(first);
    expect(judged(world, [delivered!], 'all').lost).toEqual([]);
  });

  it('finds losses if a reader takes equal payments for one', async () => {
    expect((await faultsOf(simplifier)).lost).toBeGreaterThan(50);
  });

  it('finds repetitions if a reader takes all that changes for new', async () => {
    const { lost, repeated } = await faultsOf(doubter);
    expect(lost).toBe(0);
    expect(repeated).toBeGreaterThan(50);
  });
});
