import { SAVING_PAUSE, UnsavedRecords } from '../../../core/tokens/consents/unsavedRecords';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A save that fails so many times before it succeeds. */
function failing(times: number) {
  let failures = 0;
  return jest.fn(() =>
    failures++ < times ? Promise.reject(new Error('The disk is full')) : Promise.resolve(),
  );
}

const afterPauses = (count: number) => jest.advanceTimersByTimeAsync(count * SAVING_PAUSE);

describe('UnsavedRecords', () => {
  it('saves a record after a pause, once', async () => {
    const records = new UnsavedRecords();
    const save = failing(0);
    records.add('a', save);
    expect(save).not.toHaveBeenCalled();
    await afterPauses(5);
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('tries again after each pause until the record is saved', async () => {
    const records = new UnsavedRecords();
    const save = failing(3);
    records.add('a', save);
    await afterPauses(10);
    expect(save).toHaveBeenCalledTimes(4);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('saves the other records if one cannot be saved', async () => {
    const records = new UnsavedRecords();
    const [first, second] = [failing(100), failing(0)];
    records.add('a', first);
    records.add('b', second);
    await afterPauses(3);
    expect(first).toHaveBeenCalledTimes(3);
    expect(second).toHaveBeenCalledTimes(1);
  });

  it('saves eight records at once, and the rest as soon as one of them is saved', async () => {
    const records = new UnsavedRecords();
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    for (let record = 0; record < 12; record++) {
      records.add(`record-${record}`, () => {
        begun.push(record);
        return new Promise<void>((end) => ends.push(end));
      });
    }
    await afterPauses(4);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    ends[3]!();
    await afterPauses(0);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('saves later records while one takes long, and does not begin that one again', async () => {
    const records = new UnsavedRecords();
    const endless = jest.fn(() => new Promise(() => undefined));
    const [first, second] = [failing(2), failing(0)];
    records.add('endless', endless);
    records.add('a', first);
    await afterPauses(2);
    records.add('b', second);
    await afterPauses(3);
    expect(endless).toHaveBeenCalledTimes(1);
    expect(first).toHaveBeenCalledTimes(3);
    expect(second).toHaveBeenCalledTimes(1);
  });

  it('saves the latest tokens of a record only', async () => {
    const records = new UnsavedRecords();
    const [older, newer] = [failing(0), failing(0)];
    records.add('a', older);
    records.add('a', newer);
    await afterPauses(2);
    expect(older).not.toHaveBeenCalled();
    expect(newer).toHaveBeenCalledTimes(1);
  });

  it('keeps newer tokens that are added while older ones are being saved', async () => {
    const records = new UnsavedRecords();
    const newer = failing(0);
    records.add('a', () => {
      records.add('a', newer);
      return Promise.resolve();
    });
    await records.save('a');
    expect(newer).not.toHaveBeenCalled();
    await records.save('a');
    expect(newer).toHaveBeenCalledTimes(1);
  });

  it('saves a record immediately on request, and resolves for unknown names', async () => {
    const records = new UnsavedRecords();
    const save = failing(0);
    records.add('a', save);
    await records.save('b');
    expect(save).not.toHaveBeenCalled();
    await records.save('a');
    await records.save('a');
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('rejects the call that asks it to save a record if saving fails', async () => {
    const records = new UnsavedRecords();
    records.add('a', failing(1));
    await expect(records.save('a')).rejects.toThrow('The disk is full');
    await expect(records.save('a')).resolves.toBeUndefined();
  });

  it('does not save a record that was forgotten', async () => {
    const records = new UnsavedRecords();
    const save = failing(0);
    records.add('a', save);
    records.forget('a');
    await afterPauses(3);
    expect(save).not.toHaveBeenCalled();
  });
});
