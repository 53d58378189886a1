import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isGone, thisProcess } from '../../core/lib/thisProcess';

const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

const file = JSON.stringify(join(__dirname, '../../dist/behind.js'));
/** Prints the name of the process. With a name as its argument, prints if that one is gone, and ends. */
const script = `
  const { isGone, thisProcess } = require(${file})['core/lib/thisProcess']();
  const [, name] = process.argv;
  console.log(name === undefined ? thisProcess() : isGone(name));
  if (name === undefined) setInterval(() => undefined, 1000);
`;

/** Starts a program. @returns it, and the first line that it prints */
async function start(program: string, ...given: string[]) {
  const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  let text = '';
  while (!text.includes('\n')) text += String((await once(child.stdout, 'data'))[0]);
  return { child, line: text.trim() };
}

const another = () => start(process.execPath, '-e', script);

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** The name of a process with some of its parts replaced: host, number, start, random part. */
function changed(name: string, changes: Record<number, string>): string {
  return Object.assign(name.split(' '), changes).join(' ');
}

const NOBODY = '4194304';
const onLinux = process.platform === 'linux' ? describe : describe.skip;
const canUnshare = spawnSync('unshare', ['-p', '-f', 'true']).status === 0;

describe('thisProcess', () => {
  it('returns the same name each time, and another one in another process', async () => {
    expect(thisProcess()).toBe(thisProcess());
    const names = [thisProcess(), (await another()).line, (await another()).line];
    expect(new Set(names).size).toBe(3);
  });
});

describe('isGone', () => {
  it.each(['', 'process', 'a b c d', '/ 1 1 x y'])('returns false for the text "%s"', (name) => {
    expect(isGone(name)).toBe(false);
  });

  it('returns false for this process', () => {
    expect(isGone(thisProcess())).toBe(false);
  });
});

onLinux('isGone on Linux', () => {
  it('returns true for a process as soon as it was killed', async () => {
    const { child, line } = await another();
    expect(isGone(line)).toBe(false);
    await kill(child);
    expect(isGone(line)).toBe(true);
  });

  it('returns false for a process that was stopped', async () => {
    const { child, line } = await another();
    child.kill('SIGSTOP');
    expect(isGone(line)).toBe(false);
  });

  it('returns true for a zombie', async () => {
    // The shell becomes `sleep`, which does not wait for its child.
    const command = '"$0" -e "$1" & exec sleep 60';
    const { line } = await start('sh', '-c', command, process.execPath, script);
    const pid = Number(line.split(' ')[1]);
    process.kill(pid, 'SIGKILL');
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await setTimeout(5);
    expect(isGone(line)).toBe(true);
  });

  it('returns true if the number of the process belongs to another one now', () => {
    expect(isGone(changed(thisProcess(), { 2: '1' }))).toBe(true);
  });

  it.each([
    ['another host', { 0: 'other-boot/pid:[1]/time:[1]', 1: NOBODY }],
    ['an unknown host', { 0: '', 1: NOBODY }],
    ['an unknown start', { 1: NOBODY, 2: '' }],
  ])('returns false for a process of %s', (_, changes) => {
    expect(isGone(changed(thisProcess(), { 1: NOBODY }))).toBe(true);
    expect(isGone(changed(thisProcess(), changes))).toBe(false);
  });

  const renamed = canUnshare ? it : it.skip;
  renamed('returns false for a process of a copied machine with another host name', async () => {
    const command = 'echo copy > /proc/sys/kernel/hostname && exec "$@"';
    const own = ['-u', 'sh', '-c', command, 'sh', process.execPath, '-e', script];
    const { child, line } = await start('unshare', ...own);
    await kill(child);
    expect(isGone(line)).toBe(false);
  });

  const unshared = canUnshare ? it.each([[['--mount-proc']], [[]]]) : it.skip.each([[['-']]]);
  unshared('returns false for a process of another PID namespace (unshare %j)', async (options) => {
    const own = ['-p', '-f', '--kill-child', ...options, process.execPath, '-e', script];
    const { child, line } = await start('unshare', ...own);
    // The namespaces do not know each other's processes.
    const { line: fromThere } = await start('unshare', ...own, changed(thisProcess(), {}));
    expect(fromThere).toBe('false');
    await kill(child);
    expect(isGone(line)).toBe(false);
  });
});
