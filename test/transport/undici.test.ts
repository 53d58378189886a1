import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { clientIdentity } from '../support/keys/certificates';
import { closeAfterTest, tlsServer } from '../support/servers/closing';
import type { ProbeReport, ProbeTask } from './dispatcherProbe';

describe('the dispatcher of the process', () => {
  test.each([
    ['before fetch is used', false],
    ['after fetch is used', true],
  ])('stays that of Node.js if undici is loaded %s', async (_name, fetchFirst) => {
    const { url } = await tlsServer();
    const plain = createServer((_request, response) => response.end('plain'));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    closeAfterTest(() => new Promise((done) => plain.close(() => done())));
    const plainUrl = `http://localhost:${(plain.address() as AddressInfo).port}`;

    const child = fork(resolve(__dirname, 'dispatcherProbe.ts'), {
      execArgv: ['--import', 'tsx'],
      cwd: resolve(__dirname, '../..'),
    });
    const exited = once(child, 'exit');
    closeAfterTest(async () => {
      child.kill();
      await exited;
    });
    const task: ProbeTask = { url, identity: await clientIdentity(), plainUrl, fetchFirst };
    child.send(task);
    const [report] = (await Promise.race([
      once(child, 'message'),
      exited.then(() => ['the process ended without a report']),
    ])) as [ProbeReport];
    expect(report).toMatchObject({ status: 200, kept: true, fetched: 'plain', own: true });
    expect(report.before).toBe(fetchFirst);
  });
});
