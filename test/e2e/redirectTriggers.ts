import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import {
  exampleCredential,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type { PendingAuthorization } from '../../core/tokens/pendingAuthorizations';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { opening } from './opened';
import { until } from './until';
import { node } from './workflows';

/** An item of a trigger, and the index of its output. */
export interface Emitted {
  output: string;
  item: Record<string, unknown>;
}

/** Texts of the pages of the trigger at `named`. An expression that fails changes only the page. */
const named = {
  yourName: 'Ledger Sync',
  language: 'de',
  texts: {
    connected: {
      title: 'Sie sind verbunden',
      text: 'Sie können dieses Fenster schließen.\nWir richten Ihre Konten ein.',
    },
    notConnected: { title: "={{ $('Nowhere').first().json.title }}", text: '<b>Schade</b>' },
    labels: { bankSaid: 'Ihre Bank sagt:' },
  },
  sendCustomerTo: "={{ $('Nowhere').first().json.address }}",
};

/** A real n8n in which triggers wait, at the paths `back`, `onward`, `named` and `unset`, and a browser for the customer. */
export class RedirectTriggers {
  /** Receives the items, and serves the bank's page that posts a form. */
  otherUrl = '';
  /** Everything that must not be logged. */
  readonly secrets: string[] = [];
  readonly #emitted: Emitted[] = [];
  #credential!: ImportableCredential;
  #n8n!: TemporaryN8n;
  #bank!: Sandbox;
  #server: N8nServer | undefined;
  #browser!: Browser;

  async start(): Promise<void> {
    const n8n = await opening(n8nWithPackage(), (own) => own.remove());
    this.#n8n = n8n;
    const bank = await opening(startSandbox(), (own) => own.stop());
    this.#bank = bank;
    await this.#startOther();
    this.#credential = await exampleCredential(bank);
    const onward = { sendCustomerTo: `${this.otherUrl}/thank-you` };
    const workflows = [
      this.#workflow('back', {}),
      this.#workflow('onward', onward),
      this.#workflow('named', named),
      this.#workflow('unset', { redirectUri: '={{ $vars.nothing }}' }),
    ];
    await importInto(n8n, [this.#credential], workflows);
    const server = await opening(startServer(n8n, await freePort()), (own) => own.stop());
    this.#server = server;
    await setUpOwner(server);
    for (const { id } of workflows) await publish(server, id);
    await until(() => /Activated workflow "unset"/.test(this.log()), 10_000);
    const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
    this.#browser = await opening(startChromium(bank.ready.identityUrl, authority), (browser) =>
      browser.close(),
    );
  }

  /** Removes the items of the previous test. */
  async reset(): Promise<void> {
    this.#emitted.splice(0);
    for (const context of this.#browser?.contexts() ?? []) await context.close();
  }

  log(): string {
    return readFileSync(this.#server!.logFile, 'utf8');
  }

  /** The address of a trigger. */
  address(path = 'back'): string {
    return `${this.#server!.url}/webhook/${path}`;
  }

  /** The workflow of a trigger in the editor. */
  editor(path = 'back'): Promise<Editor> {
    return Editor.open(this.#browser, this.#server!, `/workflow/${path}`);
  }

  /** Lets n8n wait for a single redirect at the trigger's test URL, as "Execute workflow" in the editor does. */
  async listenForTestEvent(path = 'back'): Promise<string> {
    const editor = await this.editor(path);
    await editor.page.locator('[data-test-id="execute-workflow-button"]').click();
    await editor.page.getByText('Waiting for trigger event').first().waitFor();
    return `${this.#server!.url}/webhook-test/${path}`;
  }

  /** A pending authorization, a code for it, and the other values of the trigger's item. */
  async authorization(changes: Partial<PendingAuthorization> & { path?: string } = {}) {
    const { path, ...more } = changes;
    const [state, nonce, codeVerifier, code] = [1, 2, 3, 4].map(randomText) as [
      ...[string, string, string, string],
    ];
    const pending: PendingAuthorization = {
      ...{ state, nonce, codeVerifier, consentId: 'household', responseType: 'code' },
      redirectUri: this.address(path),
      ...more,
    };
    const settings = this.#credential.data as unknown as BankSettings;
    process.env.N8N_USER_FOLDER = this.#n8n.userFolder;
    await openPendingAuthorizations(await clientOf(settings), {}).keep(pending);
    this.secrets.push(state, nonce, codeVerifier, code);
    const names = { consent: 'household', consent_id: 'household' };
    const item = { state, ...names, redirect_uri: pending.redirectUri };
    return { state, code, item };
  }

  /** The issuer of the bank. */
  get issuer(): string {
    return this.#bank.ready.issuer;
  }

  /** A pending authorization, the genuine answer of the bank, whose ID token signs it, and the item of the trigger. */
  async signedAnswer() {
    const {
      state,
      nonce,
      code,
      id_token: idToken,
      consent_id: consentId,
    } = await this.#bank.authorize();
    const changes = { state, nonce, consentId, responseType: 'code id_token' };
    await this.authorization(changes);
    this.secrets.push(code, idToken);
    const names = { consent: consentId, consent_id: consentId };
    const item = { state, ...names, redirect_uri: this.address() };
    return { fragment: `id_token=${idToken}&code=${code}&state=${state}`, state, code, item };
  }

  /** A page in a new browser context, and its complaints: errors, and requests that its policy forbids. */
  async customer(options: { javaScriptEnabled?: boolean } = {}) {
    const page = await (await this.#browser.newContext(options)).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return { page, complaints };
  }

  /** Waits for a single item, and removes it. */
  async item(): Promise<Emitted> {
    await until(() => this.#emitted.length > 0, 10_000);
    // A second item would follow at once.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(this.#emitted).toHaveLength(1);
    return this.#emitted.pop()!;
  }

  async noItem(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(this.#emitted).toEqual([]);
  }

  /** A trigger whose outputs are sent to this test. */
  #workflow(path: string, options: object): ImportableWorkflow {
    const { id, name, type } = this.#credential;
    const trigger = Object.assign(
      node(
        'Redirect',
        'n8n-nodes-open-banking.openBankingRedirectTrigger',
        1,
        { path, options },
        { [type]: { id, name } },
      ),
      { webhookId: `${path}-0000` },
    );
    const telling = ['authorized', 'notAuthorized'].map((output, index) => ({
      ...node(output, 'n8n-nodes-base.httpRequest', 4.2, {
        method: 'POST',
        url: `${this.otherUrl}/${output}`,
        sendBody: true,
        specifyBody: 'json',
        jsonBody: '={{ $json }}',
        options: {},
      }),
      // Next to the trigger, so that it can be opened in the editor.
      position: [300, 200 * index] as [number, number],
    }));
    const main = telling.map((told) => [{ node: told.name, type: 'main', index: 0 }]);
    return {
      id: path,
      name: path,
      nodes: [trigger, ...telling],
      connections: { Redirect: { main } },
    };
  }

  async #startOther(): Promise<void> {
    const other: Server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
        const output = pathname.slice(1);
        if (output === 'authorized' || output === 'notAuthorized') {
          this.#emitted.push({ output, item: JSON.parse(body) as Emitted['item'] });
        }
        response.writeHead(200, {
          'Content-Type': 'text/html',
          // As strict as a bank: its form goes to the redirect URI and nowhere else.
          ...(this.#server && { 'Content-Security-Policy': `form-action ${this.#server.url}` }),
        });
        response.end(output === 'form' ? this.#form(searchParams) : '<h1>Somewhere else</h1>');
      });
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    await opening(other, () => other.close());
    this.otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  }

  /** A bank's page that posts these parameters to the redirect URI (`form_post`). */
  #form(parameters: URLSearchParams): string {
    const action = this.address(parameters.get('path') ?? 'back');
    const fields = [...parameters].map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    return `<form method="post" action="${action}">${fields.join('')}<button>Go</button></form>`;
  }
}

/** The first text that a customer sees. */
export const heading = (page: Page) => page.locator('h1:visible').innerText();

const randomText = () => randomBytes(32).toString('base64url');
