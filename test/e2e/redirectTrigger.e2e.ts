import { join } from 'node:path';
import { closeAll } from './opened';
import { pictures } from './pictures';
import { heading, RedirectTriggers } from './redirectTriggers';

const triggers = new RedirectTriggers();
beforeAll(() => triggers.start());
afterEach(() => triggers.reset());
afterAll(closeAll);

const THANKS = 'You’re connected';

it('the trigger accepts a fragment, and removes it from the address bar and the history', async () => {
  const { fragment, code, item: expected } = await triggers.signedAnswer();
  const { page, complaints } = await triggers.customer();
  await page.goto(`${triggers.address()}#${fragment}&session_state=s.1`);
  await page.getByText(THANKS).waitFor();
  expect(page.url()).toBe(`${triggers.address()}?arrived`);
  expect(await triggers.item()).toEqual({
    output: 'authorized',
    item: { redirect: `${triggers.address()}#${fragment}`, ...expected },
  });
  if (pictures) await page.screenshot({ path: join(pictures, 'redirect-arrived.png') });
  await page.goBack();
  expect(page.url()).not.toContain(code);
  expect(await page.content()).not.toContain(code);
  expect(complaints).toEqual([]);
});

it('the pages of the trigger have an opaque origin, and cannot load anything', async () => {
  const { page } = await triggers.customer();
  const response = await page.goto(triggers.address());
  expect(await heading(page)).toBe('Nothing to do here');
  expect(await page.evaluate(() => (globalThis as unknown as { origin: string }).origin)).toBe(
    'null',
  );
  const policy = response!.headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|allow-same-origin/);
  expect(response!.headers()).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
});

it('the trigger accepts a query', async () => {
  const { state, code, item: expected } = await triggers.authorization();
  const { page } = await triggers.customer();
  const issuer = encodeURIComponent(triggers.issuer);
  await page.goto(`${triggers.address()}?code=${code}&state=${state}&iss=${issuer}`);
  expect(await heading(page)).toBe(THANKS);
  expect(page.url()).toBe(`${triggers.address()}?arrived`);
  const { item: given, output } = await triggers.item();
  expect(output).toBe('authorized');
  const redirect = `${triggers.address()}?code=${code}&state=${state}&iss=${issuer}`;
  expect(given).toEqual({ redirect, ...expected });
});

it('the trigger accepts a form that the bank’s page posts', async () => {
  const { state, code, item: expected } = await triggers.authorization();
  const { page } = await triggers.customer();
  await page.goto(`${triggers.otherUrl}/form?code=${code}&state=${state}`);
  await page.getByRole('button').click();
  await page.getByText(THANKS).waitFor();
  const redirect = `${triggers.address()}?code=${code}&state=${state}`;
  expect((await triggers.item()).item).toEqual({ redirect, ...expected });
});

it('the trigger rejects what the bank did not sign, and still accepts its answer', async () => {
  const { fragment, state, code, item: expected } = await triggers.signedAnswer();
  const other = await triggers.signedAnswer();
  const forged = [
    `code=${code}&state=${state}`,
    `id_token=e30.e30.x&code=${code}&state=${state}`,
    other.fragment.replace(other.state, state),
    fragment.replace(code, other.code),
    `${fragment}&code=${code}`,
  ];
  const { page } = await triggers.customer();
  for (const answer of forged) {
    await page.goto('about:blank');
    await page.goto(`${triggers.address()}#${answer}`);
    await page.getByText('We couldn’t use your bank’s answer').waitFor();
  }
  await triggers.noItem();
  await page.goto('about:blank');
  await page.goto(`${triggers.address()}#${fragment}`);
  await page.getByText(THANKS).waitFor();
  expect((await triggers.item()).item).toMatchObject(expected);
});

it('the trigger rejects a response JWT that the bank did not sign (JARM)', async () => {
  const { state, code } = await triggers.authorization({ responseMode: 'jwt' });
  const claims = Buffer.from(JSON.stringify({ iss: 'i', state, code })).toString('base64url');
  const jwt = `eyJhbGciOiJQUzI1NiJ9.${claims}.c2lnbmF0dXJl`;
  triggers.secrets.push(claims);
  const { page } = await triggers.customer();
  await page.goto(`${triggers.address()}?response=${jwt}`);
  await page.getByText('jwt-signature').waitFor();
  await triggers.noItem();
});

it('the page without JavaScript has instructions, and accepts the pasted address', async () => {
  const { state, code, item: expected } = await triggers.authorization();
  const { page } = await triggers.customer({ javaScriptEnabled: false });
  const redirect = `${triggers.address()}#code=${code}&state=${state}`;
  await page.goto(redirect);
  expect(await heading(page)).toBe('One step left');
  if (pictures) await page.screenshot({ path: join(pictures, 'redirect-without-script.png') });
  await page.getByLabel('Address of this page').fill(page.url());
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(THANKS).waitFor();
  expect((await triggers.item()).item).toEqual({ redirect, ...expected });
});

it('the trigger rejects a replay as query or fragment', async () => {
  const { state, code } = await triggers.authorization();
  const { page } = await triggers.customer();
  await page.goto(`${triggers.address()}?code=${code}&state=${state}`);
  await triggers.item();

  await page.reload();
  expect(await heading(page)).toBe(THANKS);
  await triggers.noItem();
  const again = await page.goto(`${triggers.address()}?code=${code}&state=${state}`);
  expect(again!.status()).toBe(400);
  expect(await heading(page)).toBe('This page has expired');
  if (pictures) await page.screenshot({ path: join(pictures, 'redirect-replayed.png') });
  await page.goto('about:blank');
  await page.goto(`${triggers.address()}#code=${code}&state=${state}`);
  await page.getByText('redirect-state-unknown').waitFor();
  await triggers.noItem();
});

it('the trigger reports a denial to the customer and the workflow', async () => {
  const { state } = await triggers.authorization();
  const { page } = await triggers.customer();
  const said = 'error=access_denied&error_description=User%20denied%20%3Cb%3E';
  await page.goto(`${triggers.address()}#${said}&state=${state}`);
  await page.getByText('access_denied: User denied <b>').waitFor();
  expect(await triggers.item()).toEqual({
    output: 'notAuthorized',
    item: {
      ...{ error: 'access_denied', error_description: 'User denied <b>', state },
      ...{ consent: 'household', consent_id: 'household' },
      redirect_uri: triggers.address(),
    },
  });
});

it('the trigger redirects the customer to a configured address without any parameter of the answer', async () => {
  for (const kind of ['query', 'fragment', 'form'] as const) {
    const { state, code } = await triggers.authorization({ path: 'onward' });
    const parameters = `code=${code}&state=${state}`;
    const { page } = await triggers.customer();
    if (kind === 'form') {
      await page.goto(`${triggers.otherUrl}/form?path=onward&${parameters}`);
      await page.getByRole('button').click();
    } else {
      await page.goto(`${triggers.address('onward')}${kind === 'query' ? '?' : '#'}${parameters}`);
    }
    await page.getByText('Somewhere else').waitFor();
    expect(page.url()).toBe(`${triggers.otherUrl}/thank-you`);
    await triggers.item();
  }
});

describe('a trigger with its own name and texts', () => {
  const visit = async (answer: string) => {
    const { state, code, item } = await triggers.authorization({ path: 'named' });
    const { page, complaints } = await triggers.customer();
    await page.goto(`${triggers.address('named')}#${answer}&code=${code}&state=${state}`);
    await page.getByText('Ledger Sync').waitFor();
    return { page, complaints, code, item };
  };

  it('shows them, and accepts the answer although the expression of another option fails', async () => {
    const { page, complaints, code, item: expected } = await visit('session_state=1');
    await page.getByText('Sie sind verbunden').waitFor();
    expect(await page.locator('p:visible').allInnerTexts()).toEqual([
      'Ledger Sync',
      'Sie können dieses Fenster schließen.',
      'Wir richten Ihre Konten ein.',
    ]);
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await page.title()).toBe('Sie sind verbunden – Ledger Sync');
    const { output, item } = await triggers.item();
    expect(output).toBe('authorized');
    expect(item).toMatchObject(expected);
    expect(item['redirect']).toContain(code);
    expect(complaints).toEqual([]);
    expect(triggers.log()).toContain('The option "sendCustomerTo" of the trigger is left out');
    if (pictures) await page.screenshot({ path: join(pictures, 'redirect-own-words.png') });
  });

  it('shows the default text if the expression of a text fails', async () => {
    const { page } = await visit('error=access_denied');
    expect(await heading(page)).toBe('You didn’t give access');
    expect(await page.locator('p:visible').allInnerTexts()).toEqual([
      'Ledger Sync',
      '<b>Schade</b>',
      'Ihre Bank sagt: access_denied',
    ]);
    expect((await triggers.item()).output).toBe('notAuthorized');
  });
});

it('the notice of the trigger uses the labels of the editor', async () => {
  const editor = await triggers.editor();
  await editor.node('Redirect').dblclick();
  const notice = editor.page.getByText('register it at the bank as redirect URI');
  for (const label of ['Webhook URLs', 'Production URL', 'Test URL', 'Execute step']) {
    expect(await notice.innerText()).toContain(`"${label}"`);
    const shown = editor.page.getByText(label, { exact: true }).first();
    await shown.waitFor();
    if (label === 'Webhook URLs') await shown.click();
  }
});

it.each(['?', '#'])('the test URL accepts an answer after "%s"', async (separator) => {
  const redirectUri = await triggers.listenForTestEvent();
  const { state, code } = await triggers.authorization({ redirectUri });
  const { page, complaints } = await triggers.customer();
  await page.goto(`${redirectUri}${separator}code=${code}&state=${state}`);
  await page.getByText(THANKS).waitFor();
  expect((await triggers.item()).item).toMatchObject({ state, redirect_uri: redirectUri });
  expect(complaints).toEqual([]);
});

describe('the trigger with a wrong redirect', () => {
  const form = (body: string | URLSearchParams, type = 'application/x-www-form-urlencoded') =>
    fetch(triggers.address(), { method: 'POST', body, headers: { 'Content-Type': type } });

  it.each<[string, number, string, () => Promise<Response>]>([
    [
      'several values for one parameter',
      400,
      'redirect-malformed',
      async () => {
        const { state, code } = await triggers.authorization();
        return fetch(`${triggers.address()}?code=${code}&state=${state}&state=${state}`);
      },
    ],
    [
      'a body of more than 1 MB',
      413,
      'redirect-too-large',
      () => form(`state=${'x'.repeat(1024 * 1024)}&code=1`),
    ],
    ['no state', 400, 'redirect-malformed', () => fetch(`${triggers.address()}?code=1`)],
    [
      'a body that is no form',
      400,
      'redirect-malformed',
      () => form('{"a":1}', 'application/json'),
    ],
    [
      'a malformed JWT',
      400,
      'redirect-malformed',
      () => fetch(`${triggers.address()}?response=a.b.c`),
    ],
    ['a forged state', 400, 'redirect-state-unknown', () => form('code=1&state=forged')],
    [
      'an answer that belongs to another trigger',
      400,
      'redirect-elsewhere',
      async () => {
        const { state, code } = await triggers.authorization({ path: 'onward' });
        return fetch(`${triggers.address()}?code=${code}&state=${state}`);
      },
    ],
    [
      'an answer if the expression in "Redirect URI" yields an empty value',
      503,
      'field-missing',
      async () => {
        const { state, code } = await triggers.authorization({ path: 'unset' });
        return fetch(`${triggers.address('unset')}?code=${code}&state=${state}`);
      },
    ],
    [
      'a code without the ID token that was asked for',
      400,
      'redirect-incomplete',
      async () => {
        const { state, code } = await triggers.authorization({ responseType: 'code id_token' });
        return fetch(`${triggers.address()}?code=${code}&state=${state}`);
      },
    ],
  ])('rejects %s with a page and no item', async (_, status, code, send) => {
    const response = await send();
    const body = await response.text();
    expect(body).toContain(`<code>${code}</code>`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    await triggers.noItem();
  });

  it('rejects a body that n8n cannot parse', async () => {
    const { code } = await triggers.authorization();
    const response = await form(`{"code":"${code}`, 'application/json');
    expect(response.status).toBe(422);
    await triggers.noItem();
  });

  it('rejects a fragment of more than 1 MB', async () => {
    const { page } = await triggers.customer();
    await page.goto(`${triggers.address()}#code=${'x'.repeat(1024 * 1024)}&state=1`);
    await page.getByText('redirect-too-large').waitFor();
    await triggers.noItem();
  });
});

it('n8n logs no code, no state and no token', () => {
  const logged = triggers.log();
  expect(logged).toContain('redirect-state-unknown');
  expect(triggers.secrets.length).toBeGreaterThan(20);
  for (const secret of triggers.secrets) expect(logged.includes(secret)).toBe(false);
});
