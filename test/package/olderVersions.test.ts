import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Runs a script in plain Node.js, with the built package, and reads what it prints. */
function run(script: string, flags: string[] = []): unknown {
  const root = resolve(__dirname, '../..');
  const all = [...flags, '-e', `void (async () => {${LOADED}${script}})()`];
  const printed = execFileSync(process.execPath, all, { cwd: root, encoding: 'utf8' });
  return JSON.parse(printed);
}

/** Removes an export that n8n 1.70 does not have. */
const WITHOUT_CONNECTION_TYPES = `
  const n8n = require.resolve('n8n-workflow');
  require(n8n);
  const { NodeConnectionTypes, ...old } = require(n8n);
  require.cache[n8n].exports = old;
`;

const LOADED = `
  const load = () => ({
    token: new (require('./dist/nodes/OpenBankingToken/OpenBankingToken.node.js').OpenBankingToken)(),
    trigger: new (require('./dist/nodes/OpenBankingRedirectTrigger/OpenBankingRedirectTrigger.node.js').OpenBankingRedirectTrigger)(),
    credential: new (require('./dist/credentials/OpenBankingApi.credentials.js').OpenBankingApi)(),
  });
  const failureOf = async (work) => work().catch(({ message, description, context }) => ({ message, description, context }));
  const print = (value) => console.log(JSON.stringify(value));
`;

describe('an n8n without functions that the nodes call', () => {
  it('loads the nodes with their connections', () => {
    const connections = run(`${WITHOUT_CONNECTION_TYPES}
      const { token, trigger } = load();
      print([token, trigger].map(({ description: { inputs, outputs } }) => ({ inputs, outputs })));
    `);
    expect(connections).toEqual([
      { inputs: ['main'], outputs: ['main'] },
      { inputs: [], outputs: ['main', 'main'] },
    ]);
  });

  it.each([
    ['addExecutionHints', '{ getExecutionCancelSignal() {} }'],
    ['getExecutionCancelSignal', '{ addExecutionHints() {} }'],
  ])('makes the token node fail with version-too-old if the context lacks %s', (_, has) => {
    const failure = run(`
      const { token } = load();
      const context = { getNode: () => ({ name: 'Token', type: 'token' }), ...${has} };
      print(await failureOf(() => token.execute.call(context)));
    `);
    expect(failure).toMatchObject({
      message: 'This package needs n8n 1.123 or later, and this n8n is older',
      description:
        'Update n8n (1.123 or later), or the Node.js that it runs on. Nothing was sent to the bank. (configuration: version-too-old)',
      context: { code: 'version-too-old' },
    });
  });
});

describe('a Node.js that cannot require ES modules, as before 20.19', () => {
  const SENTENCE =
    /^This package needs Node\.js 20\.19 or later, and this Node\.js is \d+\.\d+\.\d+/;
  const failure = {
    message: expect.stringMatching(SENTENCE) as string,
    context: { code: 'version-too-old' },
  };
  const flags = ['--no-experimental-require-module'];
  const context = `{ getNode: () => ({ name: 'Token', type: 'token' }) }`;

  it('loads nodes and credential, and makes the test of the credential fail', () => {
    const result = run(
      `
      const { methods } = load().token;
      print(await methods.credentialTest.openBankingApiTest({ data: {} }));
    `,
      flags,
    );
    expect(result).toEqual({ status: 'Error', message: expect.stringMatching(SENTENCE) as string });
  });

  it.each([
    ['HTTP Request', `credential.authenticate({}, { url: 'https://bank.example' })`],
    ['the token node', `token.execute.call(${context})`],
    ['the list of stored consents', `token.methods.listSearch.searchConsents.call(${context})`],
    ['the redirect trigger', `trigger.webhook.call(${context})`],
  ])('makes %s fail with version-too-old', (_, call) => {
    const script = `
      const { token, trigger, credential } = load();
      print(await failureOf(() => ${call}));
    `;
    expect(run(script, flags)).toMatchObject(failure);
  });
});
