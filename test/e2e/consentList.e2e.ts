import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import {
  credentialValues,
  fillCredential,
  readExample,
  type ImportableCredential,
  type WorkflowNode,
} from '../../demo/examples';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { startSandbox, type Sandbox } from '../support/sandbox';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { node, row } from './workflows';

const ID = 'consentList';

let bank: Sandbox;
let n8n: TemporaryN8n;
let server: N8nServer;
let browser: Browser;

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startSandbox();
  const credential = fillCredential(
    await readExample<ImportableCredential>('credential-sandbox.json'),
    await credentialValues(bank.ready),
  );
  const { code } = await bank.authorize();
  const { id, name } = credential;
  const token = (title: string, parameters: WorkflowNode['parameters']) =>
    node(title, 'n8n-nodes-open-banking.openBankingToken', 1, parameters, {
      openBankingApi: { id, name },
    });
  const options = { keepForConsent: 'household' };
  const nodes = [
    node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
    token('Exchange', { operation: 'exchange', code, options }),
    // Workflows that were saved before the list existed have a text here.
    token('Old', { operation: 'valid', consent: 'household' }),
    token('New', { operation: 'valid', consent: { __rl: true, mode: 'list', value: '' } }),
  ];
  nodes.forEach((item, index) => (item.position = [index * 220, 0]));
  await importInto(n8n, [credential], [row(ID, nodes)]);
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

it('the field for a consent shows a saved name, and offers the stored consents in a list', async () => {
  const editor = await Editor.open(browser, server, `/workflow/${ID}`);
  const { page } = editor;
  await editor.node('Old').getByText('consent: household').waitFor();
  await editor.node('New').getByText('consent: no consent chosen').waitFor();

  // Only up to this node: the next one has no consent yet.
  await editor.node('Old').dblclick();
  const old = page.locator('[data-test-id="resource-locator-consent"] input').last();
  expect(await old.inputValue()).toBe('household');
  await page.locator('[data-test-id="node-execute-button"]').click();
  await page.getByText('1 item').first().waitFor({ timeout: 30_000 });
  await page.locator('[data-test-id="ndv-close-button"]').click();

  await editor.node('New').dblclick();
  const locator = page.locator('[data-test-id="resource-locator-consent"]');
  await locator.locator('input').last().click();
  const choice = page.locator('[data-test-id="rlc-item"]').filter({ hasText: /^\s*household\s*$/ });
  await choice.first().waitFor();
  await choice.first().click();
  await page.locator('[data-test-id="ndv-close-button"]').click();
  await editor.node('New').getByText('consent: household').waitFor();
  await editor.execute();
  await editor
    .node('New')
    .locator('[data-test-id="canvas-node-status-success"]')
    .waitFor({ timeout: 5000 });
});
