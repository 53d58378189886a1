import type { INodeParameters, INodeType } from 'n8n-workflow';
import { startDataBank, type DataBank } from '../support/bank/dataBank';
import { loadPackage, outputOf, type NodeRun } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

ownUserFolder();

let bank: DataBank;
beforeAll(async () => {
  bank = await startDataBank();
  await bank.share({ household: { 'A-1': 4, 'A-2': 2 } });
});
afterAll(() => bank.close());

const run = (parameters: INodeParameters, changes: Partial<NodeRun> = {}) =>
  bank.run({ resource: 'transaction', ...parameters }, changes);

const read = (options: INodeParameters, parameters: INodeParameters = {}) =>
  run({ operation: 'getAll', consent: 'household', status: 'all', options, ...parameters });

const idsOf = async (task: ReturnType<typeof read>) =>
  outputOf(await task).map(({ json }) => json.transaction_id);

it('leaves out what was marked as processed for its position, and the limit counts the rest', async () => {
  const options = { onlyNew: true, positionName: 'ledger' };
  const all = outputOf(await read(options)).map(({ json }) => json);
  expect(all).toHaveLength(6);
  const processed = all.slice(0, 3);
  const marked = await run(
    { operation: 'commit', options: { positionName: 'ledger' } },
    { items: processed },
  );
  expect(marked.error).toBeUndefined();
  const left = all.slice(3).map(({ transaction_id: id }) => id);
  expect(await idsOf(read(options))).toEqual(left);
  expect(await idsOf(read(options, { returnAll: false, limit: 2 }))).toEqual(left.slice(0, 2));
  expect(await idsOf(read({ onlyNew: true, positionName: 'another' }))).toHaveLength(6);
  expect(await idsOf(read({ onlyNew: false }))).toHaveLength(6);
  expect(await idsOf(read({ onlyNew: true }))).toHaveLength(6);
});

it.each<[string, INodeParameters, string]>([
  ['without Simplify', { simplify: false }, '"Simplify" switched off'],
  [
    'with an access token',
    { authorizeWith: 'accessToken', accessToken: 'token' },
    'an access token',
  ],
])('is refused %s, and nothing is sent', async (_, parameters, other) => {
  bank.server.requests.length = 0;
  const task = await read({ onlyNew: true }, parameters);
  expect(task.error?.message).toBe(`"Only New" does not work with ${other}`);
  expect(bank.server.requests).toEqual([]);
});

it('is not offered to a language model, nor is "Mark as Processed"', async () => {
  const { type } = (await loadPackage()).getNode('openBanking');
  const { properties } = (type as INodeType).description;
  const asTool = properties.filter(
    ({ name, displayOptions }) =>
      name === 'operation' &&
      displayOptions?.show?.resource?.includes('transaction') &&
      displayOptions.show['@tool'],
  );
  expect(asTool).toHaveLength(1);
  expect(JSON.stringify(asTool)).not.toContain('commit');
});
