import type { IExecuteFunctions } from 'n8n-workflow';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { ofChosenAccounts } from '../../nodes/OpenBanking/actions/chosenAccounts';

const context = {
  getNodeParameter: (name: string) => (name === 'accounts' ? 'all' : ''),
} as unknown as IExecuteFunctions;

/** A bank that lists the accounts A, B and C. */
const api = {
  get: () =>
    Promise.resolve({
      ...{ status: 200, headers: {}, url: 'https://bank.example/accounts', interactionId: '1' },
      body: Buffer.from(
        '{"Data":{"Account":[{"AccountId":"A"},{"AccountId":"B"},{"AccountId":"C"}]}}',
      ),
    }),
};

it('an error that nobody expected fails its account alone, with stage and code', async () => {
  const pull = ofChosenAccounts({ context, itemIndex: 0, options: {} }, (_, account) => {
    if (account === 'B') return Promise.reject(new RangeError('Maximum call stack size exceeded'));
    return Promise.resolve({ rows: [{ account }] });
  });
  const request = { api, origin: {}, simplify: true, remarks: new Remarks() };
  const sync = () => {
    throw new Error('not in this test');
  };
  const [a, b, c] = await pull({ request, slots: new Slots(2), continues: true, sync });
  expect([a, c]).toEqual([{ rows: [{ account: 'A' }] }, { rows: [{ account: 'C' }] }]);
  expect(b).toMatchObject({
    ...{ rows: [], accountId: 'B' },
    failure: {
      ...{ stage: 'request', code: 'request-failed' },
      message: 'The answer of the bank could not be read: Maximum call stack size exceeded',
    },
  });
});
