import { join } from 'node:path';
import type { N8nServer } from '../../demo/n8n/server';
import type { Sandbox } from '../support/bank/sandbox';
import type { Editor, NodePanel } from './editor';
import { formValues, startEditorWithBank } from './editorWithBank';
import { closeAll } from './opened';

const shots = process.env.SHOTS;

let bank: Sandbox;
let server: N8nServer;
let editor: Editor;
let shot = 0;

beforeAll(async () => {
  ({ bank, server, editor } = await startEditorWithBank('/home/workflows'));
});

afterAll(closeAll);

const look = async (name: string) => {
  if (shots) await editor.page.screenshot({ path: join(shots, `${++shot}-${name}.png`) });
};

describe('a new user without a stored consent', () => {
  let transactions: NodePanel;

  beforeAll(async () => {
    await editor.newWorkflow(server);
    await editor.addNode('manual', 'Manual Trigger');
    transactions = await editor.addNode('open banking', 'Open Banking', 'Get many transactions');
    await look('new-node');
  });

  it('is told that a credential is missing', async () => {
    const { error } = await transactions.execute();
    await look('no-credential');
    expect(error).toMatch(/credential/i);
  });

  it('makes the credential in the node, and tests it', async () => {
    const form = await transactions.newCredential();
    for (const [name, value] of Object.entries(await formValues(bank))) {
      await form.fillIn(name, value);
    }
    expect(await form.test()).toEqual({ ok: true, details: '' });
    expect(await transactions.credential()).toBe('Open Banking account');
  });

  it('sees an empty list of consents, and that one is needed', async () => {
    const items = await transactions.openList('consent');
    await editor.page.waitForTimeout(1500);
    await look('no-consents');
    expect(await items.count()).toBe(0);
    await editor.page.keyboard.press('Escape');
    const { error } = await transactions.execute();
    await look('empty-consent');
    expect(error).toContain('Parameter "Consent" is required');
  });

  it('is told that a consent is not stored', async () => {
    await transactions.typeId('consent', 'nobody');
    const { error } = await transactions.execute();
    await look('unknown-consent');
    expect(error).toMatch(/"nobody"/);
  });
});

describe('the pull, built from an empty canvas', () => {
  let transactions: NodePanel;

  it('begins with a consent that the token node stores', async () => {
    await editor.newWorkflow(server);
    await editor.addNode('manual', 'Manual Trigger');
    const action = 'Exchange authorization code for token';
    const exchange = await editor.addNode('open banking', 'Open Banking Token', action);
    await exchange.addOption('Keep for Consent');
    await exchange.type('keepForConsent', 'household');
    await exchange.paste('code', (await bank.authorize()).code);
    expect(await exchange.execute()).toEqual({ error: '', items: '1 item' });
  });

  it('chooses the consent from the list, and reads the transactions of all accounts', async () => {
    transactions = await editor.addNode('open banking', 'Open Banking', 'Get many transactions');
    await look('second-node');
    await transactions.chooseFromList('consent', 'household');
    const { error, items } = await transactions.execute();
    await look('all-accounts');
    expect(error).toBe('');
    expect(items).toMatch(/^2\d\d items$/);
  });

  it('chooses an account from the list, by the name that its customer knows', async () => {
    await transactions.choose('accounts', 'One');
    const items = await transactions.openList('account');
    await items.first().waitFor();
    await look('accounts');
    expect(await items.allInnerTexts()).toHaveLength(4);
    await items.filter({ hasText: 'Rainy day' }).first().click();
    const { error, items: count } = await transactions.execute();
    await look('one-account');
    expect(error).toBe('');
    expect(count).toBe('24 items');
  });

  it('is told that an option was added and left empty', async () => {
    await transactions.addOption('Financial ID');
    expect((await transactions.execute()).error).toMatch(/"Financial ID" is empty/);
    await look('empty-option');
    await transactions.type('financialId', 'bank-1');
    await bank.clearRequests();
    expect(await transactions.execute()).toEqual({ error: '', items: '24 items' });
    const [request] = (await bank.requests()).filter(({ path }) => path.includes('/aisp/'));
    expect(request?.headers).toMatchObject({ 'x-fapi-financial-id': 'bank-1' });
  });

  it('is told that the account API is down, and where its address is set', async () => {
    const form = await transactions.editCredential();
    await form.fillIn('gatewayHost', 'localhost:1');
    expect((await form.test()).details).toMatch(
      /"localhost:1" \("API Gateway Host" in the credential\) cannot be reached/,
    );
    await look('test-fails');
    await form.close();
    const { error } = await transactions.execute();
    await look('api-down');
    const again = await transactions.editCredential();
    await again.fillIn('gatewayHost', new URL(bank.ready.gatewayUrl).host);
    expect(await again.test()).toEqual({ ok: true, details: '' });
    await again.close();
    expect(error).toMatch(/localhost:1.*"API Gateway Host" in the credential.*cannot be reached/s);
    expect(await transactions.execute()).toEqual({ error: '', items: '24 items' });
  });
});
