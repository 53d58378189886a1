import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { importJourney1, journey1Nodes } from '../../demo/journey1';
import { setUpOwner } from '../../demo/n8n/owner';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { startSandbox, type Sandbox } from '../support/sandbox';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { pictures } from './pictures';

let bank: Sandbox;
let n8n: TemporaryN8n;
let server: N8nServer;
let browser: Browser;
let workflowId: string;

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startSandbox();
  // The code comes later, from the customer.
  const authorize = async () => ({ ...(await bank.authorize()), code: '' });
  workflowId = (await importJourney1(n8n, { ready: bank.ready, authorize })).id;
  server = await startServer(n8n, await freePort());
  await setUpOwner(server);
  const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
  browser = await startChromium(bank.ready.identityUrl, authority);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await bank?.stop();
  await n8n?.remove();
});

/** The bank's page at the end of the customer's way. */
async function consent(decision: 'Approve' | 'Deny'): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${bank.ready.identityUrl}/sandbox/customer-link`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: decision }).click();
  await page.waitForURL(`${bank.ready.redirectUri}**`);
  return page;
}

it('runs J1 by hand: the customer clicks through the bank, the operator pastes the address', async () => {
  const customer = await consent('Approve');
  const address = await customer.getByLabel('Redirect address').inputValue();
  expect(address).toBe(customer.url());

  const editor = await Editor.open(browser, server, `/workflow/${workflowId}`);
  await editor.fillIn(journey1Nodes.exchange, 'code', address);
  await editor.execute();
  for (const name of Object.values(journey1Nodes)) {
    const node = editor.node(name);
    await node.locator('[data-test-id="canvas-node-status-success"]').waitFor({ timeout: 5000 });
  }
  if (pictures) await editor.picture(join(pictures, 'j1-workflow.png'));

  const asked = (await bank.requests()).map(({ method, path }) => `${method} ${path}`);
  expect(asked.filter((request) => request === 'POST /oauth2/token')).toHaveLength(2);
  expect(asked.filter((request) => request.endsWith('/aisp/accounts'))).toHaveLength(2);
});

it('says in the editor that the customer denied', async () => {
  const customer = await consent('Deny');
  const editor = await Editor.open(browser, server, `/workflow/${workflowId}`);
  await editor.fillIn(journey1Nodes.exchange, 'code', customer.url());
  await editor.execute();
  await editor.page.getByText('The bank answered "access_denied"').first().waitFor();
});
