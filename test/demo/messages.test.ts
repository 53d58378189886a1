import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { DemoFailure } from '../../demo/failure';
import { journey1Result } from '../../demo/journey1';
import { readRun } from '../../demo/n8n/execution';
import { nodeExecutable } from '../../demo/n8n/nodeExecutable';
import { npmFailureReason } from '../../demo/n8n/npm';
import { elapsed } from '../../demo/n8n/progress';
import { parseOptions } from '../../demo/options';
import { requireFreePort } from '../../demo/ports';
import { lastLine, pullReport, report, rowsReport } from '../../demo/report';

describe('the command line of the demonstration', () => {
  it('has the default ports of n8n and WSO2', () => {
    expect(parseOptions([])).toMatchObject({
      once: false,
      port: 5678,
      identityPort: 9446,
      gatewayPort: 8243,
    });
    expect(parseOptions(['--once', '--port', '1234'])).toMatchObject({ once: true, port: 1234 });
  });

  it.each([['--port=0'], ['--port=65536'], ['--gateway-port=https'], ['--twice']])(
    'rejects %s with one sentence that names it',
    (argument) => {
      const [option = ''] = argument.split('=');
      expect(() => parseOptions([argument])).toThrow(DemoFailure);
      expect(() => parseOptions([argument])).toThrow(option);
    },
  );
});

it('the message for a port in use names the port and the option for another one', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(requireFreePort(port, 'the n8n editor', '--port')).rejects.toThrow(
    `Port ${port}, wanted for the n8n editor, is already in use: ` +
      'free it, or choose another port with --port <port>.',
  );
  other.close();
  await once(other, 'close');
  await expect(requireFreePort(port, 'the n8n editor', '--port')).resolves.toBeUndefined();
});

describe('a failed installation', () => {
  it.each([
    [
      'npm error code ENOTFOUND\nnpm error network',
      'the npm registry could not be reached (ENOTFOUND)',
    ],
    ['npm error code ENOSPC', 'the disk is full'],
    ['npm ERR! code EINTEGRITY', 'a download was damaged or altered on its way (EINTEGRITY)'],
    ['npm error code E404', 'the npm registry does not have one of the packages (E404)'],
    ['Segmentation fault', 'npm failed'],
  ])('is explained from npm’s messages: %j', (messages, reason) => {
    expect(npmFailureReason(messages)).toBe(reason);
  });

  it('says what to do if the registry has no Node.js for the platform', () => {
    expect(() => nodeExecutable('/cache', 24, 'freebsd-x64', '20.20.2')).toThrow(
      'n8n needs Node.js 24 and the npm registry has none for freebsd-x64: ' +
        'install Node.js 24 and run this command with it (it is running with 20.20.2).',
    );
    expect(nodeExecutable('/cache', 24, 'freebsd-x64', '24.1.0')).toBe(process.execPath);
  });
});

it('durations are shown in minutes and seconds', () => {
  expect([0, 59_400, 60_000, 605_000].map(elapsed)).toEqual([
    '0 s',
    '59 s',
    '1 min 00 s',
    '10 min 05 s',
  ]);
});

describe('the result of a run', () => {
  const accounts = (id: string) => [{ Data: { Account: [{ AccountId: id, Currency: 'GBP' }] } }];
  const run = (second: string, again: string) => ({
    items: {
      'Exchange Authorization Code': [
        { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, scope: 'accounts' },
      ],
      'Get Accounts': accounts('1'),
      'Refresh Token': [{ access_token: second }],
      'Get Accounts Again': accounts(again),
    },
    output: { code: 0, stdout: '', stderr: '' },
  });

  it('is refreshed only with another token and the same accounts', () => {
    expect(journey1Result(run('token-2', '1')).refreshed).toBe(true);
    expect(journey1Result(run('token-1', '1')).refreshed).toBe(false);
    expect(journey1Result(run('token-2', '2')).refreshed).toBe(false);
  });

  it('is reported without a token', () => {
    const transaction = {
      ...{ booked_at: '2026-03-01', status: 'booked', amount: '-12.50', currency: 'GBP' },
      counterparty: 'Corner Grocer',
    };
    const result = journey1Result(run('token-2', '1'));
    const pulled = { accounts: result.accounts, transactions: 3 };
    const rows = { accounts: [{}], balances: [{}, {}], transactions: [transaction, {}] };
    expect(lastLine(result, pulled, rows)).toBe(
      'demo: J1 ok accounts=1 refreshed=true J2 ok accounts=1 J5 ok transactions=2',
    );
    expect(rowsReport(rows)).toMatch(
      /^1 accounts, 2 balances and 2 booked transactions of 30 days .*\n\n {2}booked_at .*\n {2}2026-03-01 +booked +-12\.50 +GBP +Corner Grocer\n/,
    );
    expect(pullReport(pulled)).toBe('The second pull brought 1 accounts with 3 transactions.');
    expect(report(result)).not.toContain('token-1');
    expect(report(result)).toMatch(/^ {2}1 +GBP$/m);
  });

  it('is a failure with the name of the node if the run failed', () => {
    const failure = {
      node: 'Refresh Token',
      message: 'The bank refused',
      description: 'Ask again',
    };
    expect(() => journey1Result({ ...run('token-2', '1'), failure })).toThrow(
      'The workflow stopped at "Refresh Token": The bank refused (Ask again)',
    );
  });

  it('is found between lines of n8n’s log', () => {
    const log = 'n8n Task Broker ready\n{\n  "data": {\n    "a": "}"\n  }\n}\nbye {\n}\n';
    expect(readRun(log)).toEqual({ data: { a: '}' } });
    expect(readRun('n8n Task Broker ready\n')).toBeUndefined();
  });
});
