import type { Browser } from 'playwright-core';
import type { N8nServer } from '../../demo/n8n/server';
import { TestThirdParty } from '../sandbox/thirdParty';
import type { Sandbox } from '../support/bank/sandbox';
import { copyAddress, decideAsCustomer } from './bankCustomer';
import type { CredentialForm, Editor, NodePanel } from './editor';
import { formValues, pemOf, startEditorWithBank } from './editorWithBank';
import { closeAll } from './opened';

const ACCOUNTS = '/open-banking/v3.1/aisp/accounts';

let bank: Sandbox;
let server: N8nServer;
let browser: Browser;
let editor: Editor;
/** The right values of the form. */
let right: Record<string, string>;

beforeAll(async () => {
  ({ bank, server, browser, editor } = await startEditorWithBank('/home/credentials'));
  right = await formValues(bank);
});

afterAll(closeAll);

const pem = (file: keyof Sandbox['ready']['files']) => pemOf(bank, file);

describe('the Test button', () => {
  let form: CredentialForm;

  beforeAll(async () => {
    form = await editor.newCredential(server);
    for (const [name, value] of Object.entries(right)) await form.fillIn(name, value);
  });

  afterAll(() => form.close());

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'Host and API Gateway Host swapped',
      () => ({ host: right['gatewayHost']!, gatewayHost: right['host']! }),
      /"Host".*"API Gateway Host".*\(wrong-server\)/s,
    ],
    [
      'a Redirect URI that is no URI',
      () => ({ redirectUri: 'not registered' }),
      /"Redirect URI" .*Give the address exactly as the bank has registered/s,
    ],
    [
      'a certificate in the field of the key',
      () => ({ transportPrivateKey: pem('clientCertificate') }),
      /"Transport Private Key" (is|holds) a certificate.*paste/is,
    ],
    [
      'no key',
      () => ({ transportPrivateKey: '' }),
      /"Transport Private Key" is empty.*\(field-missing\)/s,
    ],
    [
      'an encrypted key without its passphrase',
      () => ({ transportPrivateKey: pem('encryptedClientKey') }),
      /"Transport Private Key" is encrypted, and no passphrase is given.*Fill in its passphrase/s,
    ],
    [
      'a client ID with a typing mistake',
      () => ({ clientId: `${bank.ready.clientId}x` }),
      /A valid OAuth client could not be found.*"Client ID".*\(client-unknown\)/s,
    ],
    [
      'a bank that is down',
      () => ({ host: 'localhost:1' }),
      /localhost:1.*"Host".* cannot be reached from here.*try again later.*\(host-unreachable\)/s,
    ],
  ])('reports %s', async (_, mistake, words) => {
    const fields = mistake();
    for (const [name, value] of Object.entries(fields)) await form.fillIn(name, value);
    const result = await form.test();
    for (const name of Object.keys(fields)) await form.fillIn(name, right[name]!);
    expect(result).toEqual({ ok: false, details: expect.stringMatching(words) as string });
  });

  it('reports success after the mistake was corrected', async () => {
    expect(await form.test()).toEqual({ ok: true, details: '' });
  });
});

describe('a node', () => {
  let exchange: NodePanel;

  beforeAll(async () => {
    await editor.newWorkflow(server);
    await editor.addNode('manual', 'Manual Trigger');
    exchange = await editor.addNode(
      ...(['open banking', 'Open Banking Token', 'Exchange authorization code for token'] as const),
    );
  });

  /** Changes one field of the credential, and tests it. */
  const change = async (name: string, value: string) => {
    const form = await exchange.editCredential();
    await form.fillIn(name, value);
    const { ok } = await form.test();
    await form.close();
    return ok;
  };

  const fails = async (panel: NodePanel, words: RegExp) => {
    expect((await panel.execute()).error).toMatch(words);
  };

  it('names an expression that yields an empty value', async () => {
    await fails(exchange, /"Authorization Code" is empty.*expression yields an empty value/s);
  });

  it('reports that the customer denied', async () => {
    const customer = await decideAsCustomer(browser, bank, 'Deny');
    await copyAddress(customer);
    await exchange.pasteCopied('code');
    await fails(exchange, /The bank answered "access_denied".*customer/s);
  });

  it('reports a code that was used before', async () => {
    const { code } = await bank.authorize();
    const { redirectUri, scope } = bank.ready;
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, scope };
    expect((await new TestThirdParty(bank.ready).token(form)).status).toBe(200);
    await exchange.paste('code', code);
    await fails(exchange, /The code was used before.*Ask the customer for consent again/s);
  });

  it('reports a bank that is down', async () => {
    expect(await change('host', 'localhost:1')).toBe(false);
    await exchange.paste('code', (await bank.authorize()).code);
    const { error } = await exchange.execute();
    expect(await change('host', right['host']!)).toBe(true);
    expect(error).toMatch(/localhost:1.* cannot be reached from here.*try again later/s);
  });

  it('exchanges the code that the failed connection did not send', async () => {
    expect(await exchange.execute()).toEqual({ error: '', items: '1 item' });
  });

  it("names the node to use for n8n's Custom API Call", async () => {
    const panel = await editor.openNode('Exchange authorization code for token');
    await panel.choose('operation', 'Custom API Call');
    const { error } = await panel.execute();
    await panel.choose('operation', 'Exchange Authorization Code');
    expect(error).toMatch(/use the HTTP Request node: .*"Open Banking API"/s);
    await panel.paste('code', (await bank.authorize()).code);
    expect(await panel.execute()).toEqual({ error: '', items: '1 item' });
  });

  it('names an access token in the field of the refresh token', async () => {
    const refresh = await editor.addNode('open banking', 'Open Banking Token', 'Refresh token');
    await refresh.paste('refreshToken', '{{ $json.access_token }}');
    await fails(refresh, /"Refresh Token" holds the access token/);
    await refresh.paste('refreshToken', '{{ $json.refresh_token }}');
    expect(await refresh.execute()).toEqual({ error: '', items: '1 item' });
  });

  it('names an expression that was typed into a header in the mode Fixed', async () => {
    const accounts = await editor.addNode('http request', 'HTTP Request');
    await accounts.paste('url', `${bank.ready.gatewayUrl}${ACCOUNTS}`);
    await accounts.choose('authentication', 'Predefined Credential Type');
    await accounts.choose('nodeCredentialType', 'Open Banking API');
    await accounts.flip('sendHeaders');
    await accounts.type('name', 'Authorization');
    await accounts.type('value', '{{ $json.authorization }}');
    await bank.clearRequests();
    await fails(accounts, /"Authorization" is the text of an expression.*Fixed to Expression/s);
    expect(await bank.requests()).toEqual([]);
  });
});
