import type { IDataObject, ILoadOptionsFunctions, INodeParameters, ITaskData } from 'n8n-workflow';
import { authenticateRequest } from '../../credentials/authenticateRequest';
import type { BankSettings } from '../../core/profile/settings';
import type { ConsentSettings } from '../../core/tokens/settings';
import { searchAccounts } from '../../nodes/OpenBanking/accountSearch';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

let bank: Sandbox;
let credential: BankSettings & ConsentSettings;
let count = 0;
ownUserFolder();

beforeAll(async () => {
  bank = await startSandbox();
});
afterAll(() => bank?.stop());

/** A credential with a refresh token that another program got, for a consent that nothing is stored for. */
beforeEach(async () => {
  const { code } = await bank.authorize();
  const bare = { ...(await sandboxCredential(bank)) };
  const parameters = { resource: 'token', operation: 'exchange', code };
  const [item] = outputOf(await runNode({ credential: { ...bare }, parameters }));
  credential = {
    ...bare,
    ...{ authorizeWith: 'consent', consent: `elsewhere-${++count}` },
    firstRefreshToken: item!.json.refresh_token as string,
  };
  await bank.clearRequests();
});

const own = (): string => credential.consent!;
const refreshes = async () =>
  (await bank.requests()).filter(({ path }) => /\/token$/.test(path)).length;

const run = (
  type: string,
  parameters: INodeParameters,
  items: IDataObject[] = [{}],
): Promise<ITaskData> =>
  runNode({
    ...{ type, items, credential: { ...credential } },
    onError: 'continueRegularOutput',
    parameters,
  });

const getStored = (consent: string, items?: IDataObject[]) =>
  run('openBankingToken', { resource: 'token', operation: 'valid', consent }, items);

const accounts = (consent: string) =>
  run('openBanking', { resource: 'account', operation: 'getAll', consent });

const errorOf = (task: ITaskData) => outputOf(task)[0]!.json.error;

const hintsOf = ({ hints = [] }: ITaskData) => hints.map(({ message }) => message);

const listed = () =>
  searchAccounts({
    getCredentials: () => Promise.resolve({ ...credential }),
    getCurrentNodeParameter: (name: string) => ({ consent: own(), authorizeWith: 'consent' })[name],
    getNode: () => ({ parameters: { consent: own() } }),
  } as unknown as ILoadOptionsFunctions);

describe('the First Refresh Token of the credential', () => {
  it.each<[string, () => Promise<unknown[]>]>([
    ['Get Stored Token', async () => outputOf(await getStored(own()))],
    ['Open Banking', async () => outputOf(await accounts(own()))],
    ['the list of accounts', async () => (await listed()).results],
  ])('begins the stored tokens of its consent, once: %s', async (_name, use) => {
    const first = await use();
    expect(first.length).toBeGreaterThan(0);
    expect(JSON.stringify(first)).not.toContain('"error"');
    expect(await refreshes()).toBe(1);
    await use();
    await authenticateRequest(credential as never, { url: `${bank.ready.gatewayUrl}/x` });
    expect(outputOf(await getStored(own()))[0]!.json).toHaveProperty('authorization');
    expect(await refreshes()).toBe(1);
  });

  it('is sent once if many items ask for the consent', async () => {
    const items = Array.from({ length: 50 }, () => ({}));
    const output = outputOf(await getStored(own(), items));
    expect(new Set(output.map(({ json }) => json.authorization)).size).toBe(1);
    expect(await refreshes()).toBe(1);
  });

  it('is not sent for another consent, which stays unknown', async () => {
    for (const task of [await getStored('other'), await accounts('other')]) {
      expect(errorOf(task)).toMatchObject({ code: 'consent-unknown' });
    }
    expect(await bank.requests()).toEqual([]);
  });

  it('is refused if it is the text of an expression', async () => {
    credential = { ...credential, firstRefreshToken: '{{ $json.refresh_token }}' };
    for (const task of [await getStored(own()), await accounts(own())]) {
      expect(errorOf(task)).toMatchObject({ code: 'refresh-token-malformed' });
    }
    expect(await bank.requests()).toEqual([]);
  });

  it('causes a hint in each run until the field is empty', async () => {
    const hint = expect.stringMatching(
      /still has a "First Refresh Token".*empty the field/,
    ) as string;
    for (let runs = 0; runs < 2; runs++) {
      expect(hintsOf(await accounts(own()))).toEqual([hint]);
      expect(hintsOf(await getStored(own()))).toEqual([hint]);
    }
    credential = { ...credential, firstRefreshToken: '' };
    expect(hintsOf(await accounts(own()))).toEqual([]);
    expect(outputOf(await getStored(own()))[0]!.json).toHaveProperty('authorization');
    expect(await refreshes()).toBe(1);
  });
});
