import type { N8nServer } from '../../demo/n8n/server';
import type { Sandbox } from '../support/bank/sandbox';
import type { Editor, NodePanel } from './editor';
import { formValues, startEditorWithBank } from './editorWithBank';
import { closeAll } from './opened';

let bank: Sandbox;
let server: N8nServer;
let editor: Editor;

beforeAll(async () => {
  ({ bank, server, editor } = await startEditorWithBank('/home/workflows'));
});

afterAll(closeAll);

describe('a new user without a stored consent', () => {
  let transactions: NodePanel;

  beforeAll(async () => {
    await editor.newWorkflow(server);
    await editor.addNode('manual', 'Manual Trigger');
    transactions = await editor.addNode('open banking', 'Open Banking', 'Get many transactions');
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
    await editor.page.getByText('No results').locator('visible=true').waitFor();
    expect(await items.count()).toBe(0);
    await editor.page.keyboard.press('Escape');
    const { error } = await transactions.execute();
    expect(error).toContain('Parameter "Consent" is required');
  });

  it('is told that a consent is not stored', async () => {
    await transactions.typeId('consent', 'nobody');
    const { error } = await transactions.execute();
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
    await transactions.chooseFromList('consent', 'household');
    const { error, items } = await transactions.execute();
    expect(error).toBe('');
    expect(items).toMatch(/^2\d\d items$/);
  });

  it('chooses an account from the list, by the name that its customer knows', async () => {
    await transactions.choose('accounts', 'One Account');
    const items = await transactions.openList('account');
    await items.first().waitFor();
    expect(await items.allInnerTexts()).toHaveLength(4);
    await items.filter({ hasText: 'Rainy day' }).first().click();
    const { error, items: count } = await transactions.execute();
    expect(error).toBe('');
    expect(count).toBe('24 items');
  });

  it('is told that an option was added and left empty', async () => {
    await transactions.addOption('Financial ID');
    expect((await transactions.execute()).error).toMatch(/"Financial ID" is empty/);
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
    await form.close();
    const { error } = await transactions.execute();
    // n8n tests a credential when it is opened.
    const tested = editor.page.waitForResponse(/\/rest\/credentials\/test$/);
    const again = await transactions.editCredential();
    await tested;
    await again.fillIn('gatewayHost', new URL(bank.ready.gatewayUrl).host);
    expect(await again.test()).toEqual({ ok: true, details: '' });
    await again.close();
    expect(error).toMatch(/localhost:1.*"API Gateway Host" in the credential.*cannot be reached/s);
    expect(await transactions.execute()).toEqual({ error: '', items: '24 items' });
  });
});
