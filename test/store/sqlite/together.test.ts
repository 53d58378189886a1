import { readFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { sqliteSchema } from '../../../core/store/schema';
import { closeAfterTest } from '../../support/servers/closing';
import { CLIENT, holder, record } from '../places';
import { newPath, open } from './files';

const fifty = Array.from({ length: 50 }, (_, at) => `record ${at}`);

/** The number of transactions in the file `-wal` (https://sqlite.org/fileformat2.html#walformat). Each costs one write to the disk. */
function transactionsOf(path: string): number {
  const wal = readFileSync(`${path}-wal`);
  const frame = 24 + wal.readUInt32BE(8);
  let transactions = 0;
  for (let at = 32; at + frame <= wal.length; at += frame) {
    // The last frame of a transaction has the size of the database, and frames of an older round have another salt.
    const isCurrent = wal.subarray(at + 8, at + 16).equals(wal.subarray(16, 24));
    if (isCurrent && wal.readUInt32BE(at + 4) > 0) transactions++;
  }
  return transactions;
}

describe('statements that are waiting at the same time', () => {
  it('share a transaction', async () => {
    const path = await newPath();
    const store = open(path);
    await store.replace(record('a'));
    const before = transactionsOf(path);
    await Promise.all(fifty.map((name) => store.replace(record(name))));
    expect(transactionsOf(path) - before).toBe(1);
    expect(await store.find(fifty)).toHaveLength(fifty.length);
  });

  it('do not fail if another one fails', async () => {
    const store = open(await newPath());
    await store.replace(record('a'));
    const results = await Promise.allSettled(
      fifty.map((name, at) =>
        store.replace(record(name, at === 20 ? { bank: null as unknown as string } : {})),
      ),
    );
    const failed = results.flatMap(({ status }, at) => (status === 'rejected' ? [at] : []));
    expect(failed).toEqual([20]);
    expect(results[20]).toMatchObject({ reason: { code: 'store-unavailable' } });
    expect(await store.find(fifty)).toHaveLength(fifty.length - 1);
  });

  it('see what those before them changed', async () => {
    const store = open(await newPath());
    await store.replace(record('a'));
    const leases = await Promise.all(fifty.map((id) => store.acquire('a', holder(id), 60_000)));
    expect(leases.map((lease) => lease?.held).filter(Boolean)).toHaveLength(1);
    const removals = await Promise.all(fifty.map(() => store.remove('a')));
    expect(removals.filter(Boolean)).toHaveLength(1);
  });

  it('let the event loop turn while SQLite works', async () => {
    const busy = `SELECT count(*) FROM (WITH RECURSIVE numbers (n) AS
      (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 300000) SELECT n FROM numbers)`;
    const steps = [...sqliteSchema.steps, `CREATE TABLE busy AS ${busy}`];
    const store = open(await newPath(), { ...sqliteSchema, steps });
    let turns = 0;
    let isDone = false;
    const turn = () => void (turns++, isDone || setImmediate(turn));
    const reading = store.read('a').finally(() => (isDone = true));
    turn();
    await reading;
    expect(turns).toBeGreaterThan(10);
  });

  it('are there after the process was killed, if they were stored', async () => {
    const path = await newPath();
    const child = fork(resolve(__dirname, 'endlessWriter.ts'), [path], {
      execArgv: ['--import', 'tsx'],
      cwd: resolve(__dirname, '../../..'),
    });
    const exited = once(child, 'exit');
    closeAfterTest(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    const stored: string[] = [];
    child.on('message', (name: string) => {
      stored.push(name);
      if (stored.length === 200) child.kill('SIGKILL');
    });
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(stored.length).toBeGreaterThanOrEqual(200);
    const present = new Set((await open(path).list(CLIENT)).map(({ name }) => name));
    expect(stored.filter((name) => !present.has(name))).toEqual([]);
  });
});
