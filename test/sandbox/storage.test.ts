import { AlreadyConsumedError, Storage } from '../../sandbox/storage';

describe('the storage of the sandbox', () => {
  afterEach(() => jest.useRealTimers());

  it('removes a record an hour after it has expired', async () => {
    jest.useFakeTimers();
    const storage = new Storage('AccessToken');
    await storage.upsert('short', { kind: 'AccessToken' }, 60);
    await storage.upsert('long', { kind: 'AccessToken' }, 7_200);
    jest.advanceTimersByTime(61_000);
    expect(await storage.find('short')).toEqual({ kind: 'AccessToken' });
    jest.advanceTimersByTime(3_600_000);
    expect(await storage.find('short')).toBeUndefined();
    expect(await storage.find('long')).toEqual({ kind: 'AccessToken' });
  });

  it('marks a record as used once', async () => {
    const storage = new Storage('RefreshToken');
    await storage.upsert('token', { grantId: 'one' }, 60);
    await storage.consume('token');
    await expect(storage.consume('token')).rejects.toThrow(AlreadyConsumedError);
  });

  it('removes used tokens before valid ones if it is full', async () => {
    const storage = new Storage('RefreshToken');
    await storage.upsert('idle', { grantId: 'idle' }, 3_600);
    for (let count = 0; count < 12_000; count += 1) {
      await storage.upsert(`token-${count}`, { grantId: 'busy' }, 3_600);
      if (count > 0) await storage.consume(`token-${count - 1}`);
    }
    expect(await storage.find('idle')).toEqual({ grantId: 'idle' });
    expect(await storage.find('token-11999')).toEqual({ grantId: 'busy' });
    expect(await storage.find('token-0')).toBeUndefined();
    expect(storage.size).toBeLessThanOrEqual(5_000);
  });

  it('removes all records of a grant, and none of another grant', async () => {
    const storage = new Storage('RefreshToken');
    await storage.upsert('a', { grantId: 'one' }, 60);
    await storage.upsert('b', { grantId: 'one' }, 60);
    await storage.upsert('c', { grantId: 'two' }, 60);
    await storage.revokeByGrantId('one');
    expect(await storage.find('a')).toBeUndefined();
    expect(await storage.find('b')).toBeUndefined();
    expect(await storage.find('c')).toEqual({ grantId: 'two' });
  });

  it('finds a session by its uid until the session changes it', async () => {
    const storage = new Storage('Session');
    await storage.upsert('id', { uid: 'first' }, 60);
    await storage.upsert('id', { uid: 'second' }, 60);
    expect(await storage.findByUid('first')).toBeUndefined();
    expect(await storage.findByUid('second')).toEqual({ uid: 'second' });
  });
});
