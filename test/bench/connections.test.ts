import { ConnectionCount } from '../../bench/measures/library/connections';

const counts = (connections: number, tokenRequests: number) => ({
  ...{ connections, tokenRequests, refusals: 0, accountPages: 0, dataRequests: 0 },
});

describe('ConnectionCount', () => {
  it('allows twice as many connections in a turn as requests in flight, and one more', () => {
    const count = new ConnectionCount('x', 16);
    count.add(counts(5, 0), counts(38, 100));
    count.add(counts(38, 100), counts(55, 200));
    expect(count.perToken).toBe(50 / 200);
    expect(() => count.requireKeptAlive()).not.toThrow();
    count.add(counts(55, 200), counts(89, 300));
    expect(() => count.requireKeptAlive()).toThrow('x opened 34 connections in a turn with 16');
  });

  it('has 0 connections for each token if no token was requested', () => {
    expect(new ConnectionCount('signature', 1).perToken).toBe(0);
  });
});
