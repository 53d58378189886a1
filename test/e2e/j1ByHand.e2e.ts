import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { N8nServer } from '../../demo/n8n/server';
import { journey1Nodes } from '../../demo/journey1';
import type { Sandbox } from '../support/bank/sandbox';
import { copyAddress, decideAsCustomer } from './bankCustomer';
import type { Editor, NodePanel } from './editor';
import { pemOf, startEditorWithBank } from './editorWithBank';
import { n8nInstalledByHand, type HandInstalledN8n } from './installedByHand';
import { closeAll, opening } from './opened';
import { pictures } from './pictures';

const ACCOUNTS = '/open-banking/v3.1/aisp/accounts';

const BEARER = /^Bearer \S{20,}$/;

let bank: Sandbox;
let n8n: HandInstalledN8n;
let server: N8nServer;
let browser: Browser;
let editor: Editor;

beforeAll(async () => {
  n8n = await opening(n8nInstalledByHand(), (installed) => installed.remove());
  ({ bank, server, browser, editor } = await startEditorWithBank('/home/workflows', { n8n }));
});

afterAll(closeAll);

const pem = (file: keyof Sandbox['ready']['files']) => pemOf(bank, file);

const calls = async (path: string) =>
  (await bank.requests()).filter((entry) => entry.path === path);

it('the tarball installs few packages, and no second n8n-workflow', () => {
  expect(n8n.packages).toContain('node_modules/n8n-nodes-open-banking');
  expect(n8n.packages.filter((place) => place.includes('n8n-workflow'))).toEqual([]);
  expect(n8n.packages.length).toBeLessThan(30);
});

describe('J1, built from an empty canvas', () => {
  let exchange: NodePanel;

  it('begins with a trigger and the token node from the nodes panel', async () => {
    await editor.newWorkflow(server);
    await editor.addNode('manual', 'Manual Trigger');
    const action = 'Exchange authorization code for token';
    exchange = await editor.addNode('open banking', 'Open Banking Token', action);
    await exchange.rename(journey1Nodes.exchange);
    await keepForHousehold(exchange);
  });

  it('accepts the credential with the values from the bank, and tests it', async () => {
    const { identityUrl, gatewayUrl, clientId, redirectUri } = bank.ready;
    const form = await exchange.newCredential();
    await form.type('host', new URL(identityUrl).host);
    await form.type('gatewayHost', new URL(gatewayUrl).host);
    await form.type('clientId', clientId);
    await form.paste('transportCertificate', pem('clientCertificate'));
    await form.paste('transportPrivateKey', pem('clientKey'));
    await form.paste('certificateAuthorities', pem('certificateAuthority'));
    await form.paste('redirectUri', redirectUri);
    expect(await form.test()).toEqual({ ok: true, details: '' });
    expect(await exchange.credential()).toBe('Open Banking account');
  });

  it('exchanges the address that the customer copied if it is pasted in the mode Expression', async () => {
    const customer = await decideAsCustomer(browser, bank, 'Approve');
    await copyAddress(customer);
    expect(await exchange.mode('code')).toBe('Expression');
    await exchange.pasteCopied('code');
    expect(await exchange.execute()).toEqual({ error: '', items: '1 item' });
    expect(await exchange.mode('code')).toBe('Expression');
  });

  it('gets the accounts with HTTP Request and the credential type Open Banking API', async () => {
    await bank.clearRequests();
    await addAccounts(journey1Nodes.accounts, 'Authorization', '{{ $json.authorization }}');
    const [request] = await calls(ACCOUNTS);
    expect(request).toMatchObject({
      status: 200,
      headers: { authorization: expect.stringMatching(BEARER) as string },
      certificate: { subject: expect.any(String) as string },
    });
  });

  it('refreshes the token, and gets the accounts again', async () => {
    const refresh = await editor.addNode('open banking', 'Open Banking Token', 'Refresh token');
    await refresh.rename(journey1Nodes.refresh);
    await keepForHousehold(refresh);
    const token = `{{ $('${journey1Nodes.exchange}').item.json.refresh_token }}`;
    await refresh.paste('refreshToken', token);
    expect(await refresh.execute()).toEqual({ error: '', items: '1 item' });
    await addAccounts(journey1Nodes.accountsAgain, 'Authorization', '{{ $json.authorization }}');
    const bearers = (await calls(ACCOUNTS)).map(({ headers }) => headers['authorization']);
    expect(new Set(bearers).size).toBe(2);
  });

  it('runs as a whole with a new bare code', async () => {
    const { code } = await bank.authorize();
    const panel = await editor.openNode(journey1Nodes.exchange);
    await panel.paste('code', code);
    await bank.clearRequests();
    await editor.execute();
    const nodes = editor.page.locator('[data-test-id="canvas-node-status-success"]');
    await expect(nodes.count()).resolves.toBe(5);
    expect((await calls(ACCOUNTS)).map(({ status }) => status)).toEqual([200, 200]);
    if (pictures) await editor.picture(join(pictures, 'j1-workflow.png'));
  });
});

it('J1 becomes J2 with one more header, which names the consent', async () => {
  const exchange = await editor.openNode(journey1Nodes.exchange);
  const form = await exchange.editCredential();
  await form.choose('authorizeWith', "A Consent's Token");
  expect(await form.test()).toEqual({ ok: true, details: '' });
  await form.close();

  await editor.newWorkflow(server);
  await editor.addNode('manual', 'Manual Trigger');
  await bank.clearRequests();
  await addAccounts(journey1Nodes.accounts, 'x-open-banking-consent', 'household');
  const [request] = await calls(ACCOUNTS);
  expect(request?.headers).toMatchObject({
    authorization: expect.stringMatching(BEARER) as string,
  });
  expect(request?.headers).not.toHaveProperty('x-open-banking-consent');
});

/** Makes a node store its tokens. */
async function keepForHousehold(panel: NodePanel): Promise<void> {
  await panel.addOption('Keep for Consent');
  await panel.type('keepForConsent', 'household');
}

/** Adds a node HTTP Request after the last one, fills it in, and executes it. */
async function addAccounts(name: string, header: string, value: string): Promise<void> {
  const panel = await editor.addNode('http request', 'HTTP Request');
  await panel.rename(name);
  await panel.paste('url', `${bank.ready.gatewayUrl}${ACCOUNTS}`);
  await panel.choose('authentication', 'Predefined Credential Type');
  expect(await panel.optionsLike('nodeCredentialType', 'Open Banking')).toEqual([
    'Open Banking API',
  ]);
  await panel.choose('nodeCredentialType', 'Open Banking API');
  expect(await panel.credential()).toBe('Open Banking account');
  await panel.flip('sendHeaders');
  await panel.type('name', header);
  await panel.paste('value', value);
  expect(await panel.execute()).toEqual({ error: '', items: '1 item' });
}
