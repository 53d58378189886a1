import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  customerLink,
  importJourney3,
  journey3Nodes,
  redirectUriAt,
  type Journey3,
} from '../../demo/journey3';
import { journey4, journey4Nodes } from '../../demo/journey4';
import { execute } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish, triggerAnswers } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { endAll } from '../../demo/processes';
import type { JournalEntry } from '../../sandbox/ready';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { endedExecutions, type StoredExecution } from './executions';
import { askedByWebhook, askedToRenew } from './journey3Variants';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { pictures } from './pictures';

const THANKS = 'You’re connected';

let bank: Sandbox;
let n8n: TemporaryN8n;
let server: N8nServer;
let browser: Browser;
let redirectUri: string;
let journey: Journey3;
/** Everything that must not be logged. */
const secrets: string[] = [];

beforeAll(async () => {
  n8n = await n8nWithPackage();
  const port = await freePort();
  redirectUri = redirectUriAt(port);
  bank = await startSandbox({ redirectUris: [redirectUri] });
  journey = await importJourney3(n8n, bank, redirectUri);
  server = await startServer(n8n, port);
  await setUpOwner(server);
  await triggerAnswers(server, redirectUri);
  const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
  browser = await startChromium(bank.ready.identityUrl, authority);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await endAll();
  await bank?.stop();
  await n8n?.remove();
});

/** Runs the asking workflow, and returns the customer's link. */
async function ask(): Promise<string> {
  const execution = await execute(n8n, journey.ask.id);
  const [{ state, nonce } = {}] = execution.items[journey3Nodes.url] ?? [];
  secrets.push(...[state, nonce].filter(Boolean).map(String));
  return customerLink(execution);
}

/** A customer who follows the link to the bank, and logs in. */
async function follow(link: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByRole('button', { name: 'Log in' }).click();
  return page;
}

/** Waits until the receiving workflow has so many executions, and returns them. */
const received = (count: number) => endedExecutions(server.url, journey.receive.id, count);

const only = (execution: StoredExecution | undefined, node: string, output = 0) => {
  const items = execution?.items[node]?.[output] ?? [];
  expect(items).toHaveLength(1);
  return items[0]!;
};

describe('a customer who agrees', () => {
  let link: string;
  let journal: JournalEntry[];
  let execution: StoredExecution | undefined;

  beforeAll(async () => {
    link = await ask();
    const page = await follow(link);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    if (pictures) {
      await page.setViewportSize({ width: 720, height: 720 });
      await page.screenshot({ path: join(pictures, 'j3-bank.png'), fullPage: true });
    }
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText(THANKS).waitFor();
    expect(page.url()).toBe(`${redirectUri}?arrived`);
    [execution] = await received(1);
    journal = await bank.requests();
  });

  it('makes a workflow get the accounts with one link and no value copied by hand', () => {
    expect(execution?.status).toBe('success');
    const [accounts = []] = execution?.items[journey3Nodes.accounts] ?? [];
    expect(accounts).toHaveLength(4);
    const { consent_id: consent } = only(execution, journey3Nodes.trigger);
    for (const account of accounts) expect(account).toMatchObject({ consent, consent_id: consent });
    expect(execution?.items[journey3Nodes.notAuthorized]).toBeUndefined();
  });

  it('is identified by the consent ID in the output of the trigger', () => {
    const item = only(execution, journey3Nodes.trigger);
    expect(item).toEqual({
      redirect: expect.stringMatching(`^${redirectUri}#code=`) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      consent: item['consent_id'],
      consent_id: expect.stringMatching(/^urn-sandbox-intent-/) as string,
      redirect_uri: redirectUri,
    });
  });

  it('causes each request at the bank once and in the right order', () => {
    const path = ({ path: address }: JournalEntry) => address.split('?')[0]!;
    const seen = journal
      .filter((entry) => !/interaction|authorize|jwks/.test(path(entry)))
      .map((entry) => `${entry.method} ${path(entry)} ${entry.status}`);
    expect(seen).toEqual([
      'POST /oauth2/token 200',
      'POST /open-banking/v3.1/aisp/account-access-consents 201',
      'POST /oauth2/token 200',
      'GET /open-banking/v3.1/aisp/accounts 200',
    ]);
    const forms = journal.filter((entry) => path(entry) === '/oauth2/token');
    expect(forms.map(({ form }) => form['grant_type'])).toEqual([
      'client_credentials',
      'authorization_code',
    ]);
    const { form } = forms[1]!;
    expect(form).toMatchObject({
      redirect_uri: redirectUri,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    secrets.push(String(form['code']), String(form['code_verifier']));
    secrets.push(...forms.map(({ form: { client_assertion: assertion } }) => String(assertion)));
    const tokens = only(execution, journey3Nodes.exchange);
    expect(Object.keys(tokens).sort()).toEqual(['consent', 'consent_id', 'expires_at']);
    for (const entry of journal.filter(({ server }) => server === 'gateway')) {
      const { authorization = '' } = entry.headers;
      expect(authorization).toMatch(/^Bearer \S+$/);
      secrets.push(String(authorization).replace('Bearer ', ''));
      expect(execution?.stored).not.toContain(secrets.at(-1));
    }
  });

  it('is included in the next run of J4, with the consent ID', async () => {
    const { consent_id: consent } = only(execution, journey3Nodes.trigger);
    const pull = await journey4(bank);
    await importInto(n8n, [], [pull]);
    await bank.clearRequests();
    const { items, failure } = await execute(n8n, pull.id);
    expect(failure).toBeUndefined();
    expect(items[journey4Nodes.list]).toMatchObject([{ consent }]);
    const accounts = new Set(items[journey4Nodes.transactions]?.map((row) => row['account_id']));
    expect(accounts.size).toBe(4);
    const [first, ...others] = (await bank.requests()).map(({ path }) => path.split('?')[0]);
    const list = '/open-banking/v3.1/aisp/accounts';
    expect(first).toBe(list);
    expect(new Set(others)).toEqual(
      new Set([...accounts].map((id) => `${list}/${String(id)}/transactions`)),
    );
  });

  it('cannot use the link again', async () => {
    const page = await follow(link);
    await page.getByText('This page has expired').waitFor();
    expect(await received(1)).toHaveLength(1);
  });
});

it('forged answers that come first do not keep the customer from connecting', async () => {
  const before = (await received(1)).length;
  const link = await ask();
  const page = await follow(link);
  const { state, other } = { state: secrets.at(-1)!, other: await bank.authorize() };
  const send = (answer: Record<string, string>) =>
    fetch(redirectUri, { method: 'POST', body: new URLSearchParams({ state, ...answer }) });
  const { code, id_token: idToken } = other;
  secrets.push(code, idToken);
  expect((await send({ code: 'forged', id_token: 'e30.e30.x' })).status).toBe(400);
  expect((await send({ code })).status).toBe(400);
  // Signed by the bank, for another customer.
  expect((await send({ code, id_token: idToken })).status).toBe(400);
  // Nobody can sign an error. It is reported, once.
  expect((await send({ error: 'access_denied' })).status).toBe(200);
  expect((await send({ error: 'access_denied' })).status).toBe(400);
  const [reported] = (await received(before + 1)).slice(-1);
  expect(only(reported, journey3Nodes.notAuthorized)).toMatchObject({ error: 'access_denied' });

  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(THANKS).waitFor();
  const execution = (await received(before + 2)).at(-1);
  expect(execution?.status).toBe('success');
  expect(execution?.items[journey3Nodes.accounts]?.[0]).toHaveLength(4);
});

it('the trigger outputs a denial of the customer', async () => {
  const before = (await received(1)).length;
  const page = await follow(await ask());
  await bank.clearRequests();
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByText('You didn’t give access').waitFor();
  if (pictures) await page.screenshot({ path: join(pictures, 'redirect-denied.png') });
  const execution = (await received(before + 1)).at(-1);
  expect(execution?.status).toBe('success');
  const said = {
    error: 'access_denied',
    error_description: 'User denied the consent',
    state: expect.any(String) as string,
    consent: expect.stringMatching(/^urn-sandbox-intent-/) as string,
    consent_id: expect.stringMatching(/^urn-sandbox-intent-/) as string,
    redirect_uri: redirectUri,
  };
  expect(only(execution, journey3Nodes.trigger, 1)).toEqual(said);
  expect(only(execution, journey3Nodes.notAuthorized)).toEqual(said);
  expect(execution?.items[journey3Nodes.exchange]).toBeUndefined();
  const asked = await bank.requests();
  expect(asked.filter(({ path }) => /token|accounts/.test(path))).toEqual([]);
});

it('a webhook makes the link and redirects the customer to the bank', async () => {
  const before = (await received(1)).length;
  const { workflow, address } = askedByWebhook(journey.ask, server.url);
  await importInto(n8n, [], [workflow]);
  await publish(server, workflow.id);
  // The wrong method, so that no workflow starts.
  const answer = async () => (await fetch(address, { method: 'POST' })).text();
  const isThere = async () => (await answer()).includes('Did you mean to make a GET request?');
  for (const end = Date.now() + 10_000; !(await isThere()) && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const page = await follow(address);
  expect(page.url()).toMatch(`${bank.ready.identityUrl}/interaction/`);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(THANKS).waitFor();
  // The next test waits for an execution of its own.
  await received(before + 1);
});

it('a customer renews a stored consent, and it keeps its name', async () => {
  const executions = await received(1);
  const { consent } = only(executions[0], journey3Nodes.trigger);
  const renewing = askedToRenew(journey.ask, String(consent));
  await importInto(n8n, [], [renewing]);
  const page = await follow(customerLink(await execute(n8n, renewing.id)));
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(THANKS).waitFor();
  const execution = (await received(executions.length + 1)).at(-1);
  expect(execution?.status).toBe('success');
  const { consent_id: id } = only(execution, journey3Nodes.trigger);
  expect(id).not.toBe(consent);
  expect(only(execution, journey3Nodes.trigger)).toMatchObject({ consent });
  expect(only(execution, journey3Nodes.exchange)).toMatchObject({ consent, consent_id: id });
  const [accounts = []] = execution?.items[journey3Nodes.accounts] ?? [];
  expect(accounts).toHaveLength(4);
  for (const account of accounts) expect(account).toMatchObject({ consent, consent_id: id });
});

it('both workflows can be executed in the editor', async () => {
  const before = (await received(1)).length;
  const editor = await Editor.open(browser, server, `/workflow/${journey.ask.id}`);
  await editor.execute();
  await succeeded(editor, [journey3Nodes.consent, journey3Nodes.url]);
  if (pictures) await editor.picture(join(pictures, 'j3-ask-for-consent.png'));
  const [made] = (await endedExecutions(server.url, journey.ask.id, 1)).slice(-1);
  const page = await follow(String(only(made, journey3Nodes.url)['url']));
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(THANKS).waitFor();
  const execution = (await received(before + 1)).at(-1);
  await editor.page.goto(
    `${server.url}/workflow/${journey.receive.id}/executions/${execution?.id}`,
  );
  await succeeded(editor, [journey3Nodes.trigger, journey3Nodes.exchange, journey3Nodes.accounts]);
  if (pictures) {
    // n8n shows a recommendation for published workflows above the list of executions.
    const checklist = editor.page.getByText('Production Checklist');
    await checklist.locator('xpath=following::*[name()="svg"][1]').click();
    await checklist.waitFor({ state: 'hidden' });
    await editor.picture(join(pictures, 'j3-receive-consent.png'));
  }
});

async function succeeded(editor: Editor, names: string[]): Promise<void> {
  for (const name of names) {
    const status = editor.node(name).locator('[data-test-id="canvas-node-status-success"]');
    await status.waitFor({ timeout: 5000 });
  }
}

it('n8n logs no code, no state and no token', () => {
  const log = readFileSync(server.logFile, 'utf8');
  expect(log).toContain('redirect-state-unknown');
  expect(secrets.length).toBeGreaterThan(10);
  for (const secret of secrets) {
    expect(secret).toMatch(/^\S{8,}$/);
    expect(log.includes(secret)).toBe(false);
  }
});
