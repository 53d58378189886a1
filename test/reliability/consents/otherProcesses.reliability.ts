import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BankSettings } from '../../../core/profile/settings';
import { closeAfterTest } from '../../support/servers/closing';
import { rotated, silent, tokenBank } from '../../support/bank/tokenBank';
import { AskingProcess, type Order } from '../../support/stores/askingProcess';
import { pause } from '../../support/stores/consents';
import { until } from '../../support/waiting';

/** Two processes with the same SQLite file. */
async function twoProcesses(): Promise<[AskingProcess, AskingProcess]> {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-processes-'));
  const all = await Promise.all([AskingProcess.start(folder), AskingProcess.start(folder)]);
  closeAfterTest(async () => {
    await Promise.all(all.map((process) => process.kill()));
    rmSync(folder, { recursive: true, force: true });
  });
  return all;
}

/** The order to refresh the consent "c". */
function refresh(settings: BankSettings): Order {
  const consents = [{ consent: 'c', options: { firstRefreshToken: 'rt' } }];
  return { settings, consents, concurrency: 1 };
}

/** A TCP server in front of a port, which passes no byte on before a test lets it. */
async function gate(port: number) {
  let isWaiting = false;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((done) => (open = done));
  const server = createServer((socket) => {
    isWaiting = true;
    socket.on('error', () => undefined);
    void opened.then(() => {
      const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => Promise.resolve(void server.close()));
  return { port: (server.address() as AddressInfo).port, isWaiting: () => isWaiting, open };
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'the refresh of a process of this host that was killed is sent once more, five seconds later',
  async () => {
    const bank = await tokenBank();
    bank.answerWith(silent);
    const [dying, other] = await twoProcesses();
    void dying.ask(refresh(bank.settings)).catch(() => undefined);
    await until(() => bank.sent.length === 1);
    bank.answerWith(rotated());
    await dying.kill();
    const asked = other.ask(refresh(bank.settings));
    await pause(3500);
    expect(bank.sent).toEqual(['rt']);
    // Within the time limit of the test, which is shorter than that of the refresh.
    const [answer] = await asked;
    expect(answer).toMatchObject({ accessToken: expect.stringMatching(/^at-/) as string });
    expect(answer!.remarks!.join()).toContain('did not end');
    expect(bank.sent).toEqual(['rt', 'rt']);
  },
);

it('a process that was stopped before its request reached the connection sends nothing when it goes on', async () => {
  const bank = await tokenBank({ connectTimeout: 2, requestTimeout: 3 });
  const { port, isWaiting, open } = await gate(Number(new URL(bank.settings.tokenEndpoint!).port));
  const behindGate = { ...bank.settings, tokenEndpoint: `https://localhost:${port}/token` };
  const [stopped, other] = await twoProcesses();
  const first = stopped.ask(refresh(behindGate));
  await until(isWaiting);
  stopped.signal('SIGSTOP');
  const second = other.ask(refresh(behindGate));
  await pause(3000);
  open();
  const [answer] = await second;
  expect(answer).toMatchObject({ accessToken: expect.stringMatching(/^at-/) as string });
  stopped.signal('SIGCONT');
  await first;
  await pause(500);
  expect(bank.sent).toEqual(['rt']);
});
