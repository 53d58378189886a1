import type { IDataObject } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';

/** The embedded bank of a test file, and the token node with a credential for it. */
export interface OperationsAtSandbox {
  readonly bank: Sandbox;
  readonly credential: BankSettings;
  /** Runs the node for one item, and returns the output item. */
  readonly run: (
    operation: string,
    parameters: IDataObject,
    changes?: BankSettings,
  ) => Promise<IDataObject>;
  /** The requests for tokens in the current test. */
  readonly tokenRequests: () => ReturnType<Sandbox['requests']>;
}

/** Starts the bank for the tests of the surrounding file or `describe`. */
export function operationsAtSandbox(): OperationsAtSandbox {
  let bank: Sandbox;
  let credential: BankSettings;
  beforeAll(async () => {
    bank = await startSandbox();
    credential = await sandboxCredential(bank);
  });
  afterAll(() => bank?.stop());
  beforeEach(() => bank.clearRequests());
  return {
    get bank() {
      return bank;
    },
    get credential() {
      return credential;
    },
    run: async (operation, parameters, changes = {}) => {
      const task = await runNode({
        credential: { ...credential, ...changes },
        parameters: { resource: 'token', operation, ...parameters },
      });
      if (task.error) throw task.error;
      return outputOf(task)[0]!.json;
    },
    tokenRequests: async () =>
      (await bank.requests()).filter(
        ({ method, path }) => method === 'POST' && path.endsWith('token'),
      ),
  };
}
