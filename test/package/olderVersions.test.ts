import { execFileSync } from 'node:child_process';
import { packedPackage } from '../support/package/packedPackage';

/** Runs a script in plain Node.js with the packed package. Returns the JSON that the script prints. */
function run(script: string): unknown {
  const all = ['-e', `void (async () => {${LOADED}${script}})()`];
  const printed = execFileSync(process.execPath, all, { cwd: packedPackage, encoding: 'utf8' });
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
