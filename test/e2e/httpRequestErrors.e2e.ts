import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  readExample,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { execute, type Execution } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { endAll } from '../../demo/processes';
import { customCredential } from '../support/bank/credential';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import {
  attempts,
  startTargets,
  UNVERIFIED,
  type Attempt,
  type Targets,
} from './httpRequestTargets';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { node, row } from './workflows';

const WORDS = 'The bank is closed for stocktaking';

/** The modes in which the credential gets a token for the request. */
const modes = {
  application: { authorizeWith: 'application' },
  consent: {
    ...{ authorizeWith: 'consent', useCustomSettings: true },
    ...{ consent: 'household', firstRefreshToken: 'rt-1' },
  },
};
type Mode = keyof typeof modes;

let bank: TlsServer;
let n8n: TemporaryN8n;
let template: ImportableCredential;

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startTlsServer({
    handle: (_request, response) =>
      response
        .writeHead(400, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ error: 'invalid_scope', error_description: WORDS })),
  });
  template = await readExample<ImportableCredential>('credential-sandbox.json');
  const settings = (await customCredential(bank.url)) as ImportableCredential['data'];
  const credentials = (Object.keys(modes) as Mode[]).map((mode) => ({
    ...{ ...template, id: mode, name: mode },
    data: { ...settings, ...modes[mode] },
  }));
  await importInto(n8n, credentials, []);
});

afterAll(async () => {
  await endAll();
  await bank?.close();
  await n8n?.remove();
});

/** A request with the credential of a mode, and nodes behind its outputs. */
function request(mode: Mode, onError: string): ImportableWorkflow {
  const credentials = { [template.type]: { id: mode, name: mode } };
  const parameters = {
    ...{ url: `${bank.url}/accounts`, options: {} },
    ...{ authentication: 'predefinedCredentialType', nodeCredentialType: template.type },
  };
  const sending = node('Get Accounts', 'n8n-nodes-base.httpRequest', 4.2, parameters, credentials);
  const workflow = row(`${mode}-${onError}`, [
    node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
    Object.assign(sending, { onError }),
    node('Passed', 'n8n-nodes-base.noOp', 1, {}),
    node('Failed', 'n8n-nodes-base.noOp', 1, {}),
  ]);
  delete workflow.connections['Passed'];
  workflow.connections['Get Accounts']!.main.push([{ node: 'Failed', type: 'main', index: 0 }]);
  return workflow;
}

describe.each(Object.keys(modes) as Mode[])(
  'HTTP Request whose token the bank refuses (%s)',
  (mode) => {
    it('fails with the words of the bank and the code of the error', async () => {
      const workflow = request(mode, 'stopWorkflow');
      await importInto(n8n, [], [workflow]);
      bank.requests.length = 0;
      const { failure } = await execute(n8n, workflow.id);
      expect(failure).toMatchObject({
        node: 'Get Accounts',
        message: expect.stringContaining(`"invalid_scope": ${WORDS}`) as string,
        description: expect.stringContaining('(authorization-server: invalid-scope)') as string,
      });
      expect(bank.requests.map(({ url }) => url)).toEqual(['/token']);
    });

    it('has the words of the bank and the code of the error on its error output', async () => {
      const workflow = request(mode, 'continueErrorOutput');
      await importInto(n8n, [], [workflow]);
      const { items, failure } = await execute(n8n, workflow.id);
      expect(failure).toBeUndefined();
      expect(items['Passed']).toBeUndefined();
      expect(items['Failed']).toEqual([
        {
          error: expect.objectContaining({
            message: expect.stringContaining(WORDS) as string,
            context: expect.objectContaining({ code: 'invalid-scope' }) as object,
          }) as object,
        },
      ]);
    });
  },
);

describe('HTTP Request and GraphQL, if the environment switches the verification of servers off', () => {
  let targets: Targets;
  let ran: Execution;
  let wanted: Attempt[];

  beforeAll(async () => {
    targets = await startTargets();
    wanted = attempts(targets);
    const settings = (await customCredential(targets.bank.url)) as ImportableCredential['data'];
    const credentials = Object.entries({ ...modes, certificate: {} }).map(([mode, changes]) => ({
      ...{ ...template, id: `own-${mode}`, name: mode },
      data: { ...settings, ...changes },
    }));
    const certificates = { id: 'ownAuthority', name: 'ownAuthority', type: 'httpSslAuth' };
    for (const { mode, node: sending } of wanted) {
      sending.credentials = {
        ...sending.credentials,
        [template.type]: { id: `own-${mode}`, name: mode },
      };
      Object.assign(sending, { onError: 'continueRegularOutput', executeOnce: true });
    }
    const start = node('Start', 'n8n-nodes-base.manualTrigger', 1, {});
    await importInto(
      n8n,
      [...credentials, { ...certificates, data: { ca: targets.authority } }],
      [row('attempts', [start, ...wanted.map(({ node: sending }) => sending)])],
    );
    const preload = join(n8n.userFolder, 'unverified.cjs');
    await writeFile(preload, "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';");
    ran = await execute({ ...n8n, preload }, 'attempts');
  });
  afterAll(() => targets?.close());

  it('refuse what would send a token elsewhere, and say why', () => {
    expect(ran.failure).toBeUndefined();
    const ends = wanted.map(({ node: { name } }) => [name, endOf(ran.items[name])]);
    expect(ends).toEqual(
      wanted.map(({ node: { name }, end }) => [name, expect.stringContaining(end) as string]),
    );
  });

  it('send token and certificate to the bank alone', () => {
    const { bank: own, foreign, impostor, proxy, plain } = targets;
    const calls = own.requests.filter(({ url }) => url !== '/token');
    expect(new Set(calls.map(({ url }) => url))).toEqual(
      new Set([
        '/accounts',
        '/graphql',
        '/redirect',
        '/pages/own',
        '/pages/foreign',
        '/pages/plain',
      ]),
    );
    for (const { headers, client } of calls) {
      expect(headers.authorization).toBe('Bearer at-1');
      expect(client).toBe('Test Client');
    }
    expect(proxy.tunnels).toBe(wanted.filter(({ end }) => end === UNVERIFIED).length);
    expect(impostor.requests).toEqual([]);
    expect(foreign.requests).toEqual([]);
    expect(foreign.connections.opened).toBe(0);
    expect(plain.connections).toBe(0);
  });
});

/** The end of a request: `sent`, the code of this package's error, or the message of an error. GraphQL has messages only. */
function endOf(items: Execution['items'][string] = []): string {
  const [{ error } = { error: 'no item' }] = items as { error?: Failure | string }[];
  if (typeof error === 'string') return error;
  return error ? (error.context?.code ?? error.message) : 'sent';
}

interface Failure {
  message: string;
  context?: { code?: string };
}
