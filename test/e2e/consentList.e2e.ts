import { exampleCredential, type WorkflowNode } from '../../demo/examples';
import { importInto } from '../../demo/n8n/imports';
import type { Sandbox } from '../support/bank/sandbox';
import type { Editor } from './editor';
import { startEditorWithBank } from './editorWithBank';
import type { TemporaryN8n } from './n8nWithPackage';
import { closeAll } from './opened';
import { node, row } from './workflows';

const ID = 'consentList';

let editor: Editor;

beforeAll(async () => {
  const path = `/workflow/${ID}`;
  ({ editor } = await startEditorWithBank(path, { prepare: importWorkflow }));
});

afterAll(closeAll);

async function importWorkflow(bank: Sandbox, n8n: TemporaryN8n): Promise<void> {
  const credential = await exampleCredential(bank);
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
}

it('the field for a consent shows a saved name, and offers the stored consents in a list', async () => {
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
