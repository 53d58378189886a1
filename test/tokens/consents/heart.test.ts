import { BEAT_PAUSE, Heart } from '../../../core/tokens/consents/heart';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A store that counts the heartbeats of a process. */
function countedBeats(beat: () => Promise<void> = () => Promise.resolve()) {
  const beats: string[] = [];
  const heart = new Heart({ beat: (process) => (beats.push(process), beat()) }, 'this process');
  return { heart, beats };
}

/** Work that a test ends. */
function work() {
  let end!: () => void;
  const ended = new Promise<void>((done) => (end = done));
  return { work: () => ended, end };
}

describe('a heart', () => {
  it('beats before the work begins, and each second until it ends', async () => {
    const { heart, beats } = countedBeats();
    const { work: until, end } = work();
    let beatsBefore = 0;
    const working = heart.while(() => ((beatsBefore = beats.length), until()));
    await jest.advanceTimersByTimeAsync(3 * BEAT_PAUSE);
    expect(beatsBefore).toBe(1);
    expect(beats).toEqual(Array.from({ length: 4 }, () => 'this process'));
    end();
    await working;
    await jest.advanceTimersByTimeAsync(10 * BEAT_PAUSE);
    expect(beats).toHaveLength(4);
  });

  it('beats once for all that begins in the same second', async () => {
    const { heart, beats } = countedBeats();
    await Promise.all(Array.from({ length: 100 }, () => heart.while(() => Promise.resolve())));
    await heart.while(() => Promise.resolve());
    expect(beats).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(BEAT_PAUSE);
    await heart.while(() => Promise.resolve());
    expect(beats).toHaveLength(2);
  });

  it('beats until the last work ends', async () => {
    const { heart, beats } = countedBeats();
    const [one, two] = [work(), work()];
    const both = [heart.while(one.work), heart.while(two.work)];
    await jest.advanceTimersByTimeAsync(BEAT_PAUSE);
    one.end();
    await both[0];
    await jest.advanceTimersByTimeAsync(BEAT_PAUSE);
    expect(beats).toHaveLength(3);
    two.end();
    await both[1];
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not beat again while the store takes its time', async () => {
    const { heart, beats } = countedBeats(() => new Promise(() => undefined));
    void heart.while(() => Promise.resolve());
    await jest.advanceTimersByTimeAsync(5 * BEAT_PAUSE);
    expect(beats).toHaveLength(1);
  });

  it('does not fail the work if the store cannot be written', async () => {
    const { heart, beats } = countedBeats(() => Promise.reject(new Error('away')));
    expect(await heart.while(() => Promise.resolve('done'))).toBe('done');
    await expect(heart.while(() => Promise.reject(new Error('work')))).rejects.toThrow('work');
    expect(beats).toHaveLength(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});
