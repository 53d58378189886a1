import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExample, type ImportableWorkflow } from '../../demo/examples';
import { journey3Nodes } from '../../demo/journey3';
import type { N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { endedExecutions } from './executions';
import { noteFaults } from './notes';
import { until } from './until';

const root = join(__dirname, '..', '..');

describe('npm run demo', () => {
  let directory: string;
  let running: ChildProcess | undefined;

  const start = (...options: string[]) => (running = startDemo(directory, options));

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'open-banking-demo-'));
  });

  afterAll(async () => {
    // It ends its own processes when it receives the signal.
    if (running && running.exitCode === null && !running.signalCode) {
      running.kill('SIGTERM');
      await once(running, 'close');
    }
    await rm(directory, { recursive: true, force: true });
  });

  it('prints only which port is in use and how to choose another one', async () => {
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

  describe('with its editor open', () => {
    let demo: ChildProcess;
    let said: () => string;
    let editor: string;
    let identity: string;

    beforeAll(async () => {
      const [port, identityPort, gatewayPort] = [
        await freePort(),
        await freePort(),
        await freePort(),
      ];
      editor = `http://localhost:${port}`;
      identity = `https://localhost:${identityPort}`;
      demo = start(
        `--port=${port}`,
        `--identity-port=${identityPort}`,
        `--gateway-port=${gatewayPort}`,
      );
      said = collect(demo);
      await until(
        () => said().includes('Ctrl-C ends everything') || demo.exitCode !== null,
        8 * 60_000,
      );
    });

    it('has printed a link with which a customer agrees and n8n gets the accounts', async () => {
      expect(said()).toContain(`${editor}/workflow/openBankingJ3Receive/executions`);
      const [link] = new RegExp(`^${identity}/sandbox/ask/\\S+$`, 'm').exec(said()) ?? [];
      const authority = readFileSync(join(directory, 'bank', 'certificate-authority.pem'), 'utf8');
      const browser = await startChromium(identity, authority);
      try {
        const page = await browser.newPage();
        await page.goto(link!);
        await page.getByRole('button', { name: 'Log in' }).click();
        await page.getByRole('button', { name: 'Approve' }).click();
        await page.getByText('You’re connected').waitFor();
      } finally {
        await browser.close();
      }
      const [execution] = await endedExecutions(editor, 'openBankingJ3Receive', 1);
      expect(execution?.status).toBe('success');
      expect(execution?.items[journey3Nodes.accounts]?.[0]).toHaveLength(4);
    });

    it('has imported the workflow of each journey, with notes that fit into their boxes and hide no node', async () => {
      const authority = readFileSync(join(directory, 'bank', 'certificate-authority.pem'), 'utf8');
      const browser = await startChromium(identity, authority);
      try {
        const n8n = { url: editor } as N8nServer;
        const own = await Editor.open(browser, n8n, '/home/workflows');
        for (const file of readdirSync(join(root, 'examples'))) {
          // The two others need what the demonstration does not have: a database, or a place for a file.
          if (!file.startsWith('J') || /^J5-(?:postgresql|spreadsheet)/.test(file)) continue;
          const { id, name } = await readExample<ImportableWorkflow>(file);
          expect(said()).toContain(`${editor}/workflow/${id}`);
          await own.page.goto(`${editor}/workflow/${id}`);
          const found = await noteFaults(own);
          expect([name, found]).toEqual([name, { cut: [], overlapped: [] }]);
        }
      } finally {
        await browser.close();
      }
    });

    it('has printed the values for a credential that is made by hand', () => {
      const client = join(directory, 'bank', 'client.pem');
      expect(said()).toMatch(new RegExp(`Transport Certificate +${client}$`, 'm'));
      expect(said()).toMatch(new RegExp(`Host +localhost:${new URL(identity).port}$`, 'm'));
    });

    it('leaves no process behind after Ctrl-C', async () => {
      // The demonstration, the bank, n8n, and n8n's task runner.
      expect(processesThatKnow(directory).length).toBeGreaterThanOrEqual(3);

      demo.kill('SIGINT');
      const [code] = (await once(demo, 'close')) as [number];

      expect(code).toBe(130);
      // A killed process stays in the list until its parent has read its status.
      await until(() => processesThatKnow(directory).length === 0, 5_000);
      expect(processesThatKnow(directory)).toEqual([]);
    });
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

/** IDs of the processes whose command line or environment names the directory. */
function processesThatKnow(directory: string): number[] {
  // The option "e" adds the environment to the command.
  return execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(directory))
    .map((line) => parseInt(line, 10));
}
