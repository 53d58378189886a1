import type { IDataObject, INodeParameters, ITaskData } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { outputOf, runNode, type NodeRun } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

/** The output of a node. @throws its error */
export function itemsOf(task: ITaskData): IDataObject[] {
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

/** The hints of a node. */
export function hintsOf({ hints }: ITaskData): string {
  return (hints ?? []).map(({ message }) => message).join(' ');
}

/** The parameters of an operation for a consent that is given by its ID. */
export function byId(consentId: unknown): INodeParameters {
  return { consentBy: 'id', consentId: consentId as string };
}

/** Starts the embedded bank for the tests of a file, which create consents there and store their tokens. */
export function consentsAtSandbox() {
  let bank: Sandbox;
  let credential: BankSettings;
  ownUserFolder();
  beforeAll(async () => {
    bank = await startSandbox();
    credential = await sandboxCredential(bank);
  });
  afterAll(() => bank?.stop());
  beforeEach(() => bank.clearRequests());

  /** Runs an operation of the resource Consent. */
  const run = (
    operation: string,
    parameters: INodeParameters = {},
    changes: Partial<NodeRun> = {},
  ) =>
    runNode({
      ...{ type: 'openBanking', credential: credential as IDataObject },
      parameters: { resource: 'consent', operation, ...parameters },
      ...changes,
    });

  /** Runs an operation of the resource Consent that puts out one item. */
  async function one(...given: Parameters<typeof run>): Promise<IDataObject> {
    const items = itemsOf(await run(...given));
    expect(items).toHaveLength(1);
    return items[0]!;
  }

  /** Runs an operation of the token node. */
  const token = (
    resource: string,
    operation: string,
    parameters: INodeParameters,
    items?: IDataObject[],
  ) =>
    runNode({
      credential: credential as IDataObject,
      parameters: { resource, operation, ...parameters },
      ...(items && { items }),
    });

  /** Lets the customer agree to a consent. @returns the address of the redirect */
  async function agreed(consentId: unknown): Promise<string> {
    const parameters = { consentId: consentId as string };
    const [link] = itemsOf(await token('authorization', 'createUrl', parameters));
    return (await bank.approve(link!.url)).href;
  }

  const exchange = (redirect: string, options: INodeParameters = {}) =>
    token('token', 'exchange', { code: redirect, options: { output: 'consent', ...options } });

  /** Creates a consent, and stores its tokens under a name. @returns the bank's ID */
  async function stored(consent: string): Promise<string> {
    const { consent_id: id } = await one('create');
    itemsOf(await exchange(await agreed(id), { keepForConsent: consent }));
    return id as string;
  }

  return {
    get bank() {
      return bank;
    },
    get credential() {
      return credential;
    },
    ...{ run, one, token, agreed, exchange, stored },
    /** `<method> <path> <status>` of each request at the bank in the current test. */
    seen: async () =>
      (await bank.requests()).map(({ method, path, status }) => `${method} ${path} ${status}`),
  };
}
