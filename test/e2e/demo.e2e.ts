import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../demo/ports';

const root = join(__dirname, '..', '..');

describe('npm run demo', () => {
  let directory: string;
  let running: ChildProcess | undefined;

  const start = (...options: string[]) => (running = startDemo(directory, options));

  // It ends its own processes when it is told to end.
  afterEach(async () => {
    if (!running || running.exitCode !== null || running.signalCode) return;
    running.kill('SIGTERM');
    await once(running, 'close');
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'open-banking-demo-'));
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('says which port is taken and how to choose another, and nothing else', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const demo = start(`--identity-port=${port}`);
    const said = collect(demo);
    const [code] = (await once(demo, 'close')) as [number];
    other.close();
    expect(code).toBe(1);
    expect(said()).toBe(
      `Port ${port}, wanted for the bank’s identity server, is already in use: ` +
        'free it, or choose another port with --identity-port <port>.\n',
    );
  });

  // What runs is read from /proc.
  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux('leaves no process behind after Ctrl-C', async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const [port, identity, gateway] = ports;
    const demo = start(
      `--port=${port}`,
      `--identity-port=${identity}`,
      `--gateway-port=${gateway}`,
    );
    const said = collect(demo);
    await until(() => said().includes('Ctrl-C ends everything') || demo.exitCode !== null);
    expect(said()).toContain(`http://localhost:${port}/workflow/`);
    // The demonstration, the bank, n8n, and n8n's task runner.
    expect(processesThatKnow(directory).length).toBeGreaterThanOrEqual(3);

    demo.kill('SIGINT');
    const [code] = (await once(demo, 'close')) as [number];

    expect(code).toBe(130);
    // One that was killed stays in the list until it is torn down.
    await until(() => processesThatKnow(directory).length === 0, 5_000);
    expect(processesThatKnow(directory)).toEqual([]);
  });
});

function startDemo(directory: string, options: string[]): ChildProcess {
  return spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'demo', 'main.ts'), `--directory=${directory}`, ...options],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

function collect(demo: ChildProcess): () => string {
  let said = '';
  for (const stream of [demo.stdout, demo.stderr]) {
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  return () => said;
}

/** Waits until something is so, or for at most so many milliseconds: what is asserted then tells what it was instead. */
async function until(condition: () => boolean, limit = 8 * 60_000): Promise<void> {
  for (const end = Date.now() + limit; !condition() && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Process IDs of those whose command line or environment names the directory. */
function processesThatKnow(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      ['cmdline', 'environ'].some((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(directory);
        } catch {
          // Gone meanwhile, or somebody else's.
          return false;
        }
      }),
    )
    .map(Number);
}
