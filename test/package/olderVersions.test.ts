import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Runs a script in plain Node.js, with the built package, and reads what it prints. */
function run(script: string, flags: string[] = []): unknown {
  const root = resolve(__dirname, '../..');
  const all = [...flags, '-e', `void (async () => {${LOADED}${script}})()`];
  const printed = execFileSync(process.execPath, all, { cwd: root, encoding: 'utf8' });
  return JSON.parse(printed);
}

/** What n8n 1.70 does not have. */
const WITHOUT_NEW_NAMES = `
  const n8n = require.resolve('n8n-workflow');
  require(n8n);
  const { NodeConnectionTypes, isSafeObjectProperty, ...old } = require(n8n);
  require.cache[n8n].exports = old;
`;

const LOADED = `
  const load = () => ({
    token: new (require('./dist/nodes/OpenBankingToken/OpenBankingToken.node.js').OpenBankingToken)(),
    trigger: new (require('./dist/nodes/OpenBankingRedirectTrigger/OpenBankingRedirectTrigger.node.js').OpenBankingRedirectTrigger)(),
    credential: new (require('./dist/credentials/OpenBankingApi.credentials.js').OpenBankingApi)(),
  });
  const told = async (work) => work().catch(({ message, description, context }) => ({ message, description, context }));
  const print = (value) => console.log(JSON.stringify(value));
`;

describe('an n8n that lacks what the nodes call', () => {
  it('loads them with the connections that they have', () => {
    const connections = run(`${WITHOUT_NEW_NAMES}
      const { token, trigger } = load();
      print([token, trigger].map(({ description: { inputs, outputs } }) => ({ inputs, outputs })));
    `);
    expect(connections).toEqual([
      { inputs: ['main'], outputs: ['main'] },
      { inputs: [], outputs: ['main', 'main'] },
    ]);
  });

  it.each([
    [
      'n8n-workflow is old',
      WITHOUT_NEW_NAMES,
      '{ addExecutionHints() {}, getExecutionCancelSignal() {} }',
    ],
    ['its contexts have no hints', '', '{ getExecutionCancelSignal() {} }'],
    ['its contexts cannot be cancelled', '', '{ addExecutionHints() {} }'],
  ])('is told so in one sentence by the token node, where %s', (_, before, has) => {
    const failure = run(`${before}
      const { token } = load();
      const context = { getNode: () => ({ name: 'Token', type: 'token' }), ...${has} };
      print(await told(() => token.execute.call(context)));
    `);
    expect(failure).toMatchObject({
      message: 'This package needs a later n8n than this one',
      description:
        'Update n8n to 1.123 or later. Nothing was sent to the bank. (configuration: n8n-too-old)',
      context: { code: 'n8n-too-old' },
    });
  });
});

describe('a Node.js that cannot require ES modules, as before 20.19', () => {
  const SENTENCE = /^This package needs Node\.js 20\.19 or later; n8n runs on \d+\.\d+\.\d+/;
  const flags = ['--no-experimental-require-module'];

  it('loads nodes and credential, and is told so by the Test button', () => {
    const result = run(
      `
      const { methods } = load().token;
      print(await methods.credentialTest.openBankingApiTest({ data: {} }));
    `,
      flags,
    );
    expect(result).toEqual({ status: 'Error', message: expect.stringMatching(SENTENCE) as string });
  });

  it('is told so by HTTP Request', () => {
    const failure = run(
      `print(await told(() => load().credential.authenticate({}, { url: 'https://bank.example' })));`,
      flags,
    );
    expect(failure).toMatchObject({
      message: expect.stringMatching(SENTENCE) as string,
      context: { code: 'node-too-old' },
    });
  });

  it('is told so by the token node, for each item', () => {
    const output = run(
      `
      const parameters = { resource: 'token', operation: 'application', 'options.concurrency': 1 };
      const context = {
        addExecutionHints() {},
        getExecutionCancelSignal() {},
        continueOnFail: () => true,
        getInputData: () => [{ json: {} }],
        getNode: () => ({ name: 'Token', type: 'token' }),
        getNodeParameter: (name) => parameters[name],
      };
      print(await load().token.execute.call(context));
    `,
      flags,
    );
    expect(output).toMatchObject([
      [{ json: { error: { code: 'node-too-old', message: expect.stringMatching(SENTENCE) } } }],
    ]);
  });
});
