import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { startDataBank, type DataBank, type SharedAccounts } from '../support/bank/dataBank';
import type { outputOf } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

/** Opens a bank with an account API for the tests of a file, and stores consents that share these accounts. */
export function accountsOfConsents(shared: Record<string, SharedAccounts>): {
  readonly bank: DataBank;
} {
  let bank: DataBank;
  ownUserFolder();
  beforeAll(async () => {
    bank = await startDataBank();
    await bank.share(shared);
  });
  afterAll(() => bank?.close());
  beforeEach(() => {
    bank.server.requests.length = 0;
    bank.answers.clear();
  });
  return {
    get bank() {
      return bank;
    },
  };
}

/** The parameter for a consent that each item names. */
export const byConsent: INodeParameters = { consent: '={{ $json.consent }}' };

/** Items that name these consents. */
export const consents = (...names: string[]): IDataObject[] =>
  names.map((consent) => ({ consent }));

/** The parameters for one account. */
export const one = (id: string): INodeParameters => ({
  accounts: 'one',
  account: { __rl: true, mode: 'id', value: id },
});

/** The items of an output, in short. */
export const shown = (items: ReturnType<typeof outputOf>) =>
  items.map(({ json, pairedItem }) => ({
    id: json.transaction_id ?? (json.error as IDataObject).code,
    ...(json.error !== undefined && json.account_id !== undefined && { of: json.account_id }),
    item: (pairedItem as { item: number }).item,
  }));
