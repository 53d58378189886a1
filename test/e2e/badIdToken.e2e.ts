import { decodeJwt } from 'jose';
import type { ServerResponse } from 'node:http';
import {
  fillWorkflow,
  readExample,
  withParameters,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { journey3Nodes, redirectUriAt } from '../../demo/journey3';
import { execute } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publishBeforeStart, triggerAnswers } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { endAll } from '../../demo/processes';
import { ADDRESS_FIELD } from '../../nodes/OpenBankingRedirectTrigger/pages/pages';
import { forgedRedirect } from '../conformance/forgedRedirect';
import { transportFields } from '../support/bank/credential';
import {
  accessToken,
  bankJwk,
  halfHash,
  idToken,
  issuer,
  otherKey,
  type Forgery,
} from '../support/bank/idTokens';
import { startTlsServer, type SeenRequest, type TlsServer } from '../support/servers/tlsServer';
import { endedExecutions, type StoredExecution } from './executions';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { node, row } from './workflows';

/** The kinds of answers with which a bank sends the customer back, as "Response Type" has them. */
type Flow = 'code' | 'jwt' | 'code id_token';

/** An ID token from the token endpoint that has to be rejected, and words of the error. */
interface BadIdToken {
  name: string;
  flow: Flow;
  forgery: Forgery;
  code: string;
  words: RegExp;
}

const bad: BadIdToken[] = [
  {
    ...{ name: 'code flow, another nonce', flow: 'code', code: 'id-token-binding' },
    forgery: { claims: { nonce: 'of-another-request' } },
    words: /nonce/,
  },
  {
    ...{ name: 'JARM, a wrong signature', flow: 'jwt', code: 'jwt-signature' },
    forgery: { key: otherKey },
    words: /sign/,
  },
  {
    ...{ name: 'hybrid flow, another customer', flow: 'code id_token', code: 'id-token-subject' },
    forgery: { claims: { sub: 'robin' } },
    words: /"sub"/,
  },
];

const CLIENT = 'client-1';
const API = '/open-banking/v3.1/aisp';

let bank: TlsServer;
let n8n: TemporaryN8n;
let server: N8nServer;
let credential: ImportableCredential;
let receive: ImportableWorkflow;
let redirectUri: string;
/** The authorization requests of the customers: first the good ones, then the bad ones. */
let links: URL[];
/** ID tokens by the code that they are sent for. */
const idTokens = new Map<string, Forgery>();
let consents = 0;

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startTlsServer({ handle: (request, response) => void answer(request, response) });
  const port = await freePort();
  redirectUri = redirectUriAt(port);
  credential = {
    ...(await readExample<ImportableCredential>('credential-sandbox.json')),
    data: {
      ...{ bank: 'custom', issuer, clientId: CLIENT, redirectUri, scope: 'openid accounts' },
      ...{ tokenEndpoint: `${bank.url}/token`, jwksUri: `${bank.url}/jwks` },
      ...{ authorizationEndpoint: `${bank.url}/authorize`, authorizeWith: 'certificate' },
      accountApiUrl: bank.url + API,
      ...(await transportFields()),
    },
  };
  const filled = async (name: string) =>
    fillWorkflow(await readExample<ImportableWorkflow>(name), { gatewayUrl: bank.url });
  receive = await filled('J3-receive-consent.json');
  const ask = forEachFlow(await filled('J3-ask-for-consent.json'));
  await importInto(n8n, [credential], [ask, receive]);
  await publishBeforeStart(n8n, receive.id);
  server = await startServer(n8n, port);
  await setUpOwner(server);
  await triggerAnswers(server, redirectUri);
  const asked = await execute(n8n, ask.id);
  expect(asked.failure).toBeUndefined();
  links = asked.items[journey3Nodes.url]!.map(({ url }) => new URL(String(url)));
});

afterAll(async () => {
  await server?.stop();
  await endAll();
  await bank?.close();
  await n8n?.remove();
});

/** Answers as the bank's token endpoint and account API. */
async function answer({ url, body }: SeenRequest, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(body);
  const tokens = { access_token: accessToken, token_type: 'Bearer', expires_in: 300 };
  const reply = async (): Promise<[status: number, body: object]> => {
    if (url === '/jwks') return [200, { keys: [await bankJwk()] }];
    if (url === `${API}/account-access-consents`) {
      return [201, { Data: { ConsentId: `consent-${++consents}` } }];
    }
    if (url === `${API}/accounts`) return [200, { Data: { Account: [{ AccountId: '1' }] } }];
    const code = form.get('code');
    if (code === null) return [200, tokens];
    const id_token = await idToken(idTokens.get(code));
    return [200, { ...tokens, refresh_token: `rt-of-${code}`, id_token }];
  };
  const [status, json] = await reply();
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
}

/** J3's first workflow for three good and three bad customers at once. */
function forEachFlow(workflow: ImportableWorkflow): ImportableWorkflow {
  const [trigger] = workflow.nodes as [ImportableWorkflow['nodes'][0]];
  const flows = [...bad, ...bad].map(({ flow }) => flow);
  const values = node('Values', 'n8n-nodes-base.set', 3.4, {
    ...{ mode: 'raw', jsonOutput: JSON.stringify({ flow: flows }), options: {} },
  });
  const each = node('Each', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'flow', options: {} });
  const changed = withParameters(workflow, {
    [journey3Nodes.url]: { responseType: "={{ $('Each').item.json.flow }}" },
  });
  const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
  return {
    ...changed,
    nodes: [...changed.nodes, values, each],
    connections: {
      ...changed.connections,
      [trigger.name]: to(values.name),
      [values.name]: to(each.name),
      [each.name]: to(journey3Nodes.consent),
    },
  };
}

/** A customer who agrees: the bank sends the browser back with a new code. @returns the execution of the trigger's workflow */
async function agree(
  link: URL,
  { name, flow, forgery }: BadIdToken,
  count: number,
): Promise<StoredExecution> {
  const { state, nonce, claims } = decodeJwt(link.searchParams.get('request')!) as {
    state: string;
    nonce: string;
    claims: { id_token: { openbanking_intent_id: { value: string } } };
  };
  const code = `code-of-${name.replace(/\W+/g, '-')}-${count}`;
  const own = { nonce, openbanking_intent_id: claims.id_token.openbanking_intent_id.value };
  idTokens.set(code, { ...forgery, claims: { ...own, ...forgery.claims } });
  const back = await forgedRedirect(code, CLIENT, {
    redirect: ({ code: 'code', jwt: 'jarm', 'code id_token': 'hybrid' } as const)[flow],
    parameters: { state },
    redirectIdToken: { claims: { ...own, s_hash: halfHash(state) } },
  });
  const { search, hash } = new URL(back);
  // The page of the trigger posts a fragment.
  const posted = {
    method: 'POST',
    body: new URLSearchParams({ [ADDRESS_FIELD]: `${redirectUri}${hash}` }),
  };
  const page = await fetch(`${redirectUri}${search}`, hash ? posted : {});
  expect(await page.text()).toContain('You’re connected');
  return (await endedExecutions(server.url, receive.id, count)).at(-1)!;
}

const paths = () => bank.requests.map(({ url }) => url).filter((url) => url !== '/jwks');

describe('J3 as shipped', () => {
  it.each(bad.map((kind, index) => [kind.flow, kind, index] as const))(
    'requests the accounts after a good ID token (%s)',
    async (_flow, kind, index) => {
      bank.requests.length = 0;
      const execution = await agree(links[index]!, { ...kind, forgery: {} }, index + 1);
      expect(execution.status).toBe('success');
      expect(execution.items[journey3Nodes.accounts]).toHaveLength(1);
      expect(paths()).toEqual(['/token', `${API}/accounts`]);
    },
  );

  it.each(bad.map((kind, index) => [kind.name, kind, index] as const))(
    'fails Exchange with the name of the check, and sends nothing afterwards (%s)',
    async (_name, kind, index) => {
      bank.requests.length = 0;
      const count = bad.length + index + 1;
      const execution = await agree(links[bad.length + index]!, kind, count);
      expect(execution.status).toBe('error');
      expect(execution.failure).toMatchObject({
        node: journey3Nodes.exchange,
        message: expect.stringMatching(kind.words) as string,
        description: expect.stringContaining(`(response: ${kind.code})`) as string,
      });
      expect(execution.items[journey3Nodes.accounts]).toBeUndefined();
      expect(paths()).toEqual(['/token']);
      for (const secret of [accessToken, 'rt-of-']) expect(execution.stored).not.toContain(secret);
    },
  );
});

describe('codes of which one brings a bad ID token, with Retry On Fail', () => {
  /** Exchanges these codes in one run; codes that begin with "bad" bring another nonce. */
  async function exchange(id: string, codes: string[], onError: string) {
    for (const code of codes) {
      idTokens.set(code, code.startsWith('bad') ? { claims: { nonce: 'another' } } : {});
    }
    const { type, name } = credential;
    const exchanging = Object.assign(
      node(
        'Exchange',
        'n8n-nodes-open-banking.openBankingToken',
        1,
        {
          ...{ resource: 'token', operation: 'exchange', code: '={{ $json.code }}' },
          options: { nonce: '={{ $json.nonce }}' },
        },
        { [type]: { id: credential.id, name } },
      ),
      { onError, retryOnFail: true, maxTries: 3, waitBetweenTries: 10 },
    );
    const items = codes.map((code) => ({ code, nonce: 'n-1', authorization: 'Bearer of-before' }));
    const workflow = row(id, [
      node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
      node('Values', 'n8n-nodes-base.set', 3.4, {
        ...{ mode: 'raw', jsonOutput: JSON.stringify({ items }), options: {} },
      }),
      node('Each', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} }),
      exchanging,
      node('Passed', 'n8n-nodes-base.noOp', 1, {}),
      node('Failed', 'n8n-nodes-base.noOp', 1, {}),
    ]);
    delete workflow.connections['Passed'];
    workflow.connections['Exchange']!.main.push([{ node: 'Failed', type: 'main', index: 0 }]);
    await importInto(n8n, [], [workflow]);
    bank.requests.length = 0;
    return execute(n8n, workflow.id);
  }

  const sentCodes = () =>
    bank.requests
      .filter(({ url }) => url === '/token')
      .map(({ body }) => new URLSearchParams(body).get('code'))
      .sort();

  const error = expect.objectContaining({
    code: 'id-token-binding',
    message: expect.stringContaining('nonce') as string,
  }) as unknown;

  it('sends each code once with On Error: Stop, and outputs all items, the failed one last and with its error alone', async () => {
    const codes = ['bad-of-stop', 'good-of-stop'];
    const { items, failure } = await exchange('stopping', codes, 'stopWorkflow');
    expect(failure).toBeUndefined();
    expect(sentCodes()).toEqual(codes);
    expect(items['Passed']).toEqual([
      expect.objectContaining({
        authorization: `Bearer ${accessToken}`,
        refresh_token: 'rt-of-good-of-stop',
      }),
      { error },
    ]);
  });

  it('sends each code once with an error output, and outputs the received tokens there', async () => {
    const codes = ['bad-of-output', 'good-of-output'];
    const { items, failure } = await exchange('routing', codes, 'continueErrorOutput');
    expect(failure).toBeUndefined();
    expect(sentCodes()).toEqual(codes);
    expect(items['Passed']).toEqual([
      expect.objectContaining({ refresh_token: 'rt-of-good-of-output' }),
    ]);
    const [failed, ...others] = items['Failed']!;
    expect(others).toEqual([]);
    expect(failed).toMatchObject({
      ...{ error, code: 'bad-of-output', refresh_token: 'rt-of-bad-of-output' },
      ...{ access_token: accessToken, id_token: expect.any(String) as string },
    });
    expect(failed).not.toHaveProperty('authorization');
  });

  it('sends the code once with On Error: Stop if none passed, and fails', async () => {
    const { failure } = await exchange('failing', ['bad-alone'], 'stopWorkflow');
    expect(failure).toMatchObject({
      node: 'Exchange',
      message: expect.stringContaining('nonce') as string,
    });
    expect(sentCodes()).toEqual(['bad-alone']);
  });
});
