import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { CLIENT, record } from '../places';
import { newPath, open } from './files';

const root = resolve(__dirname, '../../..');

/** Runs a script in plain Node.js with a store of the built package, `store`, and a function for records. Returns its output. */
function run(path: string, script: string, flags: string[] = []): { output: string; code: number } {
  const prelude = `
    const { SqliteStore } = require('./dist/behind.js')['core/store/sqlite/sqliteStore']();
    const store = new SqliteStore(${JSON.stringify(path)});
    const record = (name) => ({ ...${JSON.stringify(record(''))}, name, envelope: new Uint8Array(9) });
    const print = (...values) => console.log(JSON.stringify(values));
    const outcome = (call) => call.then(() => 'done', (error) => error.message + '. ' + error.description);
  `;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, '-e', `${prelude} void (async () => {${script}})()`],
    { cwd: root, encoding: 'utf8', timeout: 20_000 },
  );
  return { output: stdout || stderr, code: status! };
}

describe('the thread of a SQLite file', () => {
  it('keeps the process running while statements are under way, and not after', async () => {
    const path = await newPath();
    const script = `
      print(await outcome(store.replace(record('a'))));
      void store.replace(record('b'));
    `;
    expect(run(path, script)).toEqual({ output: '["done"]\n', code: 0 });
    expect(await open(path).list(CLIENT)).toHaveLength(2);
  });

  it('starts again after a failure in it, which the statements under way are told', async () => {
    const script = `
      const started = [];
      process.on('worker', (worker) => started.push(worker));
      await store.replace(record('a'));
      const calls = ['b', 'c', 'd'].map((name) => outcome(store.replace(record(name))));
      // No such order exists, so that the thread fails.
      started[0].postMessage(null);
      await new Promise((resolve) => started[0].once('exit', resolve));
      const later = await outcome(store.replace(record('e')));
      print(started.length, later, ...(await Promise.all(calls)));
    `;
    const { output } = run(await newPath(), script);
    const [threads, later, ...calls] = JSON.parse(output) as [number, string, ...string[]];
    expect({ threads, later }).toEqual({ threads: 2, later: 'done' });
    for (const call of calls) {
      expect(call).toMatch(/^done$|the thread that uses the file has ended \(TypeError\)/);
    }
  });

  it('ends if it is terminated: statements under way fail with store-unavailable, and those that wait go to the next thread', async () => {
    const script = `
      const started = new Promise((resolve) => process.once('worker', resolve));
      let threads = 0;
      process.on('worker', () => threads++);
      const underWay = outcome(store.replace(record('a')));
      const thread = await started;
      const waiting = outcome(store.replace(record('b')));
      await thread.terminate();
      print(await underWay, await waiting, threads);
    `;
    const { output } = run(await newPath(), script);
    expect(JSON.parse(output)).toEqual([
      expect.stringContaining('the thread that uses the file has ended (from outside)'),
      'done',
      2,
    ]);
  });

  it('may not be started without a permission, and the error names the flag', async () => {
    const flags = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'];
    const { output } = run(await newPath(), `print(await outcome(store.read('a')))`, flags);
    expect(output).toContain('Node.js runs with \\"--permission\\", and may not start threads');
    expect(output).toContain('Start n8n with \\"--allow-worker\\"');
  });

  it('ends with close(), which waits for the statements under way', async () => {
    const path = await newPath();
    const script = `
      let threads = 0;
      process.on('worker', (worker) => { threads++; worker.once('exit', () => threads--); });
      const calls = ['a', 'b', 'c'].map((name) => outcome(store.replace(record(name))));
      const closed = Promise.all([store.close(), store.close()]);
      // Made while the file is being closed, so that it opens the file again.
      const after = outcome(store.read('a'));
      await closed;
      print(threads, ...(await Promise.all(calls)), await after);
      await store.close();
      print(threads, require('node:fs').existsSync(${JSON.stringify(`${path}-wal`)}));
      await store.close();
    `;
    const { output } = run(path, script);
    expect(output).toBe('[0,"done","done","done","done"]\n[0,false]\n');
  });
});
