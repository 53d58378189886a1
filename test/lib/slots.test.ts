import { Slots } from '../../core/lib/slots';

/** Work that ends when `end` is called. */
function work() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const begin = jest.fn(() => ended);
  return { begin, end: () => end() };
}

const turn = () => new Promise((done) => setImmediate(done));

describe('slots', () => {
  it('begins no more work than there are slots, and the rest in the order in which it came', async () => {
    const slots = new Slots(2);
    const all = Array.from({ length: 5 }, work);
    const done = Promise.all(all.map(({ begin }) => slots.use(begin)));
    const begun = () => all.map(({ begin }) => begin.mock.calls.length);
    await turn();
    expect(begun()).toEqual([1, 1, 0, 0, 0]);
    all[1]!.end();
    await turn();
    expect(begun()).toEqual([1, 1, 1, 0, 0]);
    all[0]!.end();
    await turn();
    expect(begun()).toEqual([1, 1, 1, 1, 0]);
    all.forEach(({ end }) => end());
    await done;
    expect(begun()).toEqual([1, 1, 1, 1, 1]);
  });

  it('gives a slot back if its work fails, and passes the error on', async () => {
    const slots = new Slots(1);
    const error = new Error('failed');
    await expect(slots.use(() => Promise.reject(error))).rejects.toBe(error);
    expect(await slots.use(() => Promise.resolve('next'))).toBe('next');
  });

  it('lets nobody overtake a caller that was given a slot and has not begun', async () => {
    const slots = new Slots(1);
    const [first, second, third] = [work(), work(), work()];
    const order: string[] = [];
    const use = (name: string, { begin }: ReturnType<typeof work>) =>
      slots.use(() => {
        order.push(name);
        return begin();
      });
    const one = use('first', first).then(() => use('third', third));
    const two = use('second', second);
    first.end();
    await turn();
    expect(order).toEqual(['first', 'second']);
    second.end();
    third.end();
    await Promise.all([one, two]);
    expect(order).toEqual(['first', 'second', 'third']);
  });
});
