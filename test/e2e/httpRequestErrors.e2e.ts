import {
  readExample,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { execute } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { endAll } from '../../demo/processes';
import { customCredential } from '../support/bank/credential';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
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
