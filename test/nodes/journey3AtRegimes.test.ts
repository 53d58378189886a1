import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type {
  ICredentialDataDecryptedObject,
  IDataObject,
  IHttpRequestOptions,
  INodeParameters,
  ITaskData,
} from 'n8n-workflow';
import { journey3Nodes } from '../../demo/journey3';
import type { WorkflowNode } from '../../demo/examples';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import { receiveRedirect } from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import type { RegimeName } from '../../sandbox/regimes/regime';
import { regimeCredential } from '../support/bank/regimeCredential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { loadPackage, outputOf, runNode } from '../support/n8n/nodeExecution';
import { got, postedAddress, receiverOf } from '../support/n8n/redirects';
import { ownUserFolder } from '../support/n8n/userFolder';

ownUserFolder();

/** The address of J3's trigger. */
const PATH = '/webhook/open-banking-redirect';
const redirectUri = `http://localhost:5678${PATH}`;

/** A node of J3 as it is shipped. */
function shipped(workflow: 'ask-for' | 'receive', name: string): WorkflowNode {
  const file = join(__dirname, `../../examples/J3-${workflow}-consent.json`);
  const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as { nodes: WorkflowNode[] };
  return nodes.find((node) => node.name === name)!;
}

/** The bank of a regime. */
interface RegimeBank {
  regime: RegimeName;
  /** The options that a person adds to "Create Consent" as shipped, because the bank wants to know them about the customer. */
  additions?: INodeParameters;
  /** Where the accounts are, if not at an account API of Open Banking UK; and headers that HTTP Request needs there. */
  accounts?: { path: string; headers?: Record<string, string> };
  /** How it goes with the regime "Automatic"; `undefined` if that is the same. */
  withoutRegime?: RegExp;
}

const REGIMES: RegimeBank[] = [
  { regime: 'fapi1' },
  { regime: 'fapi2', withoutRegime: /FAPI 2\.0 5\.3\.2\.2-1: response_type is "code"/ },
  { regime: 'uk', withoutRegime: /the bank answered 400/ },
  {
    regime: 'brazil',
    additions: { cpf: '529.982.247-25' },
    accounts: { path: '/accounts/v2/accounts' },
    withoutRegime: /x-fapi|404|no such/i,
  },
  {
    regime: 'australia',
    accounts: { path: '/banking/accounts', headers: { 'x-v': '2' } },
    withoutRegime: /x-v is mandatory/,
  },
  // Its metadata says that requests are pushed, and it also finds the consent in the claim.
  { regime: 'saudiArabia' },
  {
    regime: 'saudiArabiaFapi2',
    additions: { nationalId: '1111111111' },
    withoutRegime: /Content-Type of a consent request is application\/jwt/,
  },
];

describe.each(REGIMES)('J3 as it is shipped, at the bank of $regime', (regimeBank) => {
  const { regime, additions, accounts, withoutRegime } = regimeBank;
  let bank: Sandbox;
  let credential: BankSettings;

  beforeAll(async () => {
    bank = await startSandbox({ regime, redirectUris: [redirectUri] });
    credential = await regimeCredential(bank, redirectUri);
  }, 60_000);
  afterAll(() => bank?.stop());

  async function run(
    { type, parameters }: WorkflowNode,
    items: IDataObject[] = [{}],
    options: INodeParameters = {},
    settings = credential,
  ): Promise<IDataObject[]> {
    const given = parameters as INodeParameters;
    const task: ITaskData = await runNode({
      type: type.replace('n8n-nodes-open-banking.', ''),
      credential: settings as IDataObject,
      parameters: { ...given, options: { ...(given.options as INodeParameters), ...options } },
      items,
    });
    if (task.error) throw task.error as Error;
    return outputOf(task).map(({ json }) => json);
  }

  /** The item of the redirect trigger for the answer of a customer. */
  async function received(redirect: URL): Promise<IDataObject> {
    const client = await clientOf(credential);
    const pending = openPendingAuthorizations(client, {});
    const receiver = receiverOf(pending, {
      open: () => Promise.resolve({ pending, client }),
      path: PATH,
    });
    const request = redirect.hash ? postedAddress(redirect.href) : got(redirect.search.slice(1));
    const { authorized, failure, notAuthorized } = await receiveRedirect(request, receiver);
    expect({ failure, notAuthorized }).toEqual({});
    return authorized!;
  }

  /** Creates a consent and the link for it, and lets the customer agree at the bank. */
  async function asked(settings = credential): Promise<{ created: IDataObject; redirect: URL }> {
    const consent = shipped('ask-for', journey3Nodes.consent);
    const items = await run(consent, [{}], additions, settings);
    const [link] = await run(shipped('ask-for', journey3Nodes.url), items, {}, settings);
    const redirect = await bank.approve(link!.url, redirectUri);
    return { created: items[0]!, redirect };
  }

  /** The answer to HTTP Request, with what the credential adds to it. */
  async function answerTo(consent: string): Promise<{ status: number; text: string }> {
    const { type } = (await loadPackage()).getCredential('openBankingApi');
    const authenticate = type.authenticate as (
      data: ICredentialDataDecryptedObject,
      options: IHttpRequestOptions,
    ) => Promise<IHttpRequestOptions>;
    const data = { ...credential, authorizeWith: 'consent' } as ICredentialDataDecryptedObject;
    const headers = { 'x-open-banking-consent': consent, ...accounts?.headers };
    const url = `${bank.ready.accountApiUrl}${accounts?.path}`;
    const options = await authenticate(data, { url, headers });
    return new Promise((done, fail) => {
      const call = httpsRequest(
        options.url,
        { ...options.agentOptions, headers: options.headers as Record<string, string> },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += String(chunk)));
          response.on('end', () => done({ status: response.statusCode!, text }));
        },
      );
      call.on('error', fail);
      call.end();
    });
  }

  it('leads to the accounts, with the regime as the only change of the credential', async () => {
    const { created, redirect } = await asked();
    const item = await received(redirect);
    expect(item.consent).toBe(created.consent ?? created.consent_id);
    const exchanged = await run(shipped('receive', journey3Nodes.exchange), [item]);
    expect(exchanged).toMatchObject([{ consent: item.consent }]);
    if (accounts) {
      const { status, text } = await answerTo(item.consent as string);
      expect([status, text.includes('3456')]).toEqual([200, true]);
    } else {
      const rows = await run(shipped('receive', journey3Nodes.accounts), exchanged);
      expect(rows).toHaveLength(4);
      expect(rows[0]).toMatchObject({ consent: item.consent });
    }
    expect((await bank.requests()).filter(({ error }) => error)).toEqual([]);
  });

  it(`${withoutRegime ? 'is refused' : 'also goes on'} with the regime "Automatic"`, async () => {
    const automatic = asked({ ...credential, regime: 'automatic' });
    if (withoutRegime) {
      const { message, description } = (await automatic.catch((error: unknown) => error)) as {
        message: string;
        description?: string;
      };
      expect(`${message} ${description}`).toMatch(withoutRegime);
    } else expect((await automatic).created.consent_id).toMatch(/^urn-sandbox-intent-/);
  });
});
