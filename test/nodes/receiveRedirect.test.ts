import { OpenBankingError } from '../../core/errors/OpenBankingError';
import {
  receiveRedirect,
  type Receiver,
} from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import { DEFAULT_WORDS, pageTexts } from '../../nodes/OpenBankingRedirectTrigger/pages/pageTexts';
import type { RedirectRequest } from '../../nodes/OpenBankingRedirectTrigger/incoming';
import {
  AuthorizationsInMemory,
  got,
  posted,
  postedAddress,
  receiverOf,
  redirectUri,
} from '../support/n8n/redirects';

let authorizations: AuthorizationsInMemory;
beforeEach(() => {
  authorizations = new AuthorizationsInMemory();
  authorizations.add('s', { codeVerifier: 'v', consentId: 'household' });
});

const receive = (request: RedirectRequest, changes?: Partial<Receiver>) =>
  receiveRedirect(request, receiverOf(authorizations, changes));

const thanks = DEFAULT_WORDS.connected.title;

const item = {
  ...{ state: 's', consent: 'household', consent_id: 'household' },
  redirect_uri: redirectUri,
};

it.each<[string, RedirectRequest, string]>([
  ['a query', got('code=c&state=s'), '?'],
  ['a posted form', posted('code=c&state=s'), '?'],
  ['a form with a field of our page’s name', posted('code=c&state=s&address=x'), '?'],
  ['a fragment', postedAddress('code=c&state=s'), '#'],
  ['a pasted fragment', postedAddress('#code=c&state=s'), '#'],
  ['a pasted address', postedAddress(`  ${redirectUri}?a=1#code=c&state=s `), '#'],
  ['a pasted address without its scheme', postedAddress('n8n.example/cb#code=c&state=s'), '#'],
  ['a pasted address with a query', postedAddress(`${redirectUri}?code=c&state=s`), '#'],
])('accepts %s, and returns the address for the exchange', async (_, request, separator) => {
  const { authorized, notAuthorized, failure, page } = await receive(request);
  expect({ notAuthorized, failure, status: page.status }).toEqual({ status: 303 });
  const { redirect, ...rest } = authorized!;
  expect(rest).toEqual(item);
  expect(redirect).toMatch(new RegExp(`^${redirectUri}\\${separator}code=c&state=s`));
});

it.each<[string, object, object]>([
  ['the ID of its consent', { consentId: 'c-1' }, { consent: 'c-1', consent_id: 'c-1' }],
  [
    'a consent that the scope named',
    { consentId: 'c-1', consentNamedBy: 'scope', consentScope: 'consent:c-1' },
    { consent: 'c-1', consent_id: 'c-1' },
  ],
  ['a name, if the bank has no ID', { consentName: 'customer-1' }, { consent: 'customer-1' }],
  [
    'the consent that is renewed, whatever the name of the new one',
    { consent: 'household', consentName: 'customer-1' },
    { consent: 'household' },
  ],
  ['nothing, if no consent was named', {}, {}],
])('puts out %s', async (_, pending, expected) => {
  authorizations.add('named', pending);
  const { authorized } = await receive(got('code=c&state=named'));
  const { consent, consent_id } = authorized!;
  expect(JSON.parse(JSON.stringify({ consent, consent_id }))).toEqual(expected);
});

it('rejects an answer without "iss" if the regime demands it (FAPI 2)', async () => {
  authorizations.add('fapi2', { namesIssuer: true });
  const { failure, authorized } = await receive(got('code=c&state=fapi2'));
  expect(failure).toHaveProperty('code', 'issuer-mismatch');
  expect(authorized).toBeUndefined();
});

it('accepts each answer once', async () => {
  await receive(got('code=c&state=s'));
  const { page, failure, ...items } = await receive(got('code=c&state=s'));
  expect(failure).toHaveProperty('code', 'redirect-state-unknown');
  expect(items).toEqual({});
  expect(page.status).toBe(400);
});

it('does not use up an authorization if the answer is wrong', async () => {
  for (const query of ['code=c&state=other', 'state=s', 'code=c&code=d&state=s', 'response=x']) {
    expect((await receive(got(query))).authorized).toBeUndefined();
  }
  expect((await receive(got('code=c&state=s'))).authorized).toBeDefined();
});

it('escapes the text of the bank on the page, and returns it unchanged in an item of the second output', async () => {
  const said = { error: 'access_denied', error_description: '<script>"&\'', state: 's' };
  const { page, authorized, notAuthorized } = await receive(
    got(new URLSearchParams(said).toString()),
  );
  expect(page.body).not.toContain('<script>"');
  expect(page.body).toContain('access_denied: &#60;script&#62;&#34;&#38;&#39;');
  expect(authorized).toBeUndefined();
  expect(notAuthorized).toEqual({ ...said, ...item });
});

it('redirects the browser to an address without the answer, and shows no part of the answer', async () => {
  const { page } = await receive(got('code=secret-code&state=s'));
  expect(page.headers).toHaveProperty('Location', '?arrived');
  expect(JSON.stringify(page)).not.toContain('secret-code');
});

it('forwards the customer with a redirect after a query, and with a page after a form', async () => {
  const onward = 'https://app.example/?a="1"&b';
  const redirected = await receive(got('code=c&state=s'), { onward });
  expect(redirected.page).toMatchObject({ status: 303, headers: { Location: onward } });
  authorizations.add('s');
  const { page } = await receive(posted('code=c&state=s'), { onward });
  expect(page.status).toBe(200);
  expect(page.body).toContain('url=https://app.example/?a=&#34;1&#34;&#38;b');
});

it('compares the redirect URI with the address of a proxy if it is given', async () => {
  const publicAddress = 'https://app.example/redirect';
  authorizations.add('proxied', { redirectUri: publicAddress });
  const { authorized } = await receive(got('code=c&state=proxied'), { publicAddress });
  expect(authorized!.redirect).toBe(`${publicAddress}?code=c&state=proxied`);
  const { failure } = await receive(got('code=c&state=s'), { publicAddress });
  expect(failure).toHaveProperty('code', 'redirect-elsewhere');
});

describe('a failure that is not the customer’s fault', () => {
  const unavailable = new OpenBankingError('store-unavailable', { message: 'The store is away' });
  it.each<[string, Error, string]>([
    ['an unavailable store', unavailable, 'store-unavailable'],
    ['an unknown failure', new TypeError('code=c'), 'unexpected'],
  ])('shows the page to try again after %s', async (_, reason, code) => {
    const { page, failure, ...items } = await receive(got('code=c&state=s'), {
      open: () => Promise.reject(reason),
    });
    expect(failure).toBe(reason);
    expect(items).toEqual({});
    expect(page.status).toBe(503);
    expect(page.body).toContain(`<code>${code}</code>`);
    expect(page.body).not.toContain('code=c');
  });

  it('shows the page to try again if a parameter of the node cannot be read', async () => {
    const { page } = await receiveRedirect(got('code=c&state=s'), () => {
      throw new Error('An expression failed');
    });
    expect(page.status).toBe(503);
  });
});

it('shows the page for fragments to a request without an answer, and opens no store', async () => {
  const { page, ...rest } = await receiveRedirect(got('utm_source=x'), () => {
    throw new Error('Not needed');
  });
  expect(rest).toEqual({});
  expect(page.status).toBe(200);
  expect(page.body).toContain('Continue');
});

describe('a rejected redirect does not use up the authorization', () => {
  it.each(['/webhook/bank', '/webhook/back', '/hook/bank/back'])(
    'at another trigger, with the path %s',
    async (path) => {
      const { failure } = await receive(got('code=c&state=s'), { path });
      expect(failure).toHaveProperty('code', 'redirect-elsewhere');
      expect((await receive(got('code=c&state=s'))).authorized).toBeDefined();
    },
  );
});

it('shows the last page at once if n8n accepts only one request', async () => {
  const { page } = await receive(got('code=c&state=s'), { isTest: true });
  expect(page.status).toBe(200);
  expect(page.body).toContain(thanks);
});

it('shows the last page again when the browser reloads it', async () => {
  for (let time = 0; time < 2; time++) {
    const { page, ...rest } = await receive(got('arrived'));
    expect(rest).toEqual({});
    expect(page.body).toContain(thanks);
  }
});

describe('texts of the operator', () => {
  const unavailable = { open: () => Promise.reject(new TypeError('Away')) };
  /** Each text is the path of its option between `<` and `>`, which the pages have to escape. */
  const everyText = pageTexts((path) => (path === 'language' ? 'de' : `<${path}>`));

  it.each<[string, RedirectRequest, Partial<Receiver>, string[]]>([
    ['connected', got('code=c&state=s'), {}, ['connected']],
    ['connected, after a reload', got('arrived'), {}, ['connected']],
    ['no answer', got(''), {}, ['oneStepLeft', 'moment', 'noAnswer', 'labels']],
    ['access denied', got('error=access_denied&state=s'), {}, ['notConnected']],
    ['a problem of the bank', got('error=server_error&state=s'), {}, ['bankProblem']],
    ['a used answer', got('code=c&state=used'), {}, ['expired']],
    ['an incomplete answer', got('state=s'), {}, ['notUsable']],
    ['an answer that is too long', got(`code=${'c'.repeat(65_536)}`), {}, ['notUsable']],
    ['an answer for another trigger', got('code=c&state=s'), { path: '/other' }, ['notUsable']],
    ['a failure', got('code=c&state=s'), unavailable, ['notNow']],
  ])('are escaped on the page for %s', async (_, request, changes, names) => {
    const { page } = await receiveRedirect(request, receiverOf(authorizations, changes), everyText);
    expect(page.body).toContain('<html lang="de">');
    expect(page.body).toContain('>&#60;yourName&#62;<');
    expect(page.body).toMatch(/<title>&#60;texts\.\w+\.title&#62; – &#60;yourName&#62;<\/title>/);
    const used = [...page.body.matchAll(/&#60;texts\.(\w+)/g)].map(([, name]) => name);
    expect(used).toEqual(expect.arrayContaining(names));
    expect(page.body).not.toMatch(/<(texts|yourName)/);
    for (const { title, text } of Object.values(DEFAULT_WORDS)) {
      expect(page.body).not.toContain(`<h1>${title}`);
      expect(page.body).not.toContain(`<p>${text}`);
    }
  });

  it('do not change the headers of the page', async () => {
    const [plain, own] = await Promise.all([
      receiveRedirect(got(''), receiverOf(authorizations)),
      receiveRedirect(got(''), receiverOf(authorizations), everyText),
    ]);
    expect(own.page.headers).toEqual(plain.page.headers);
  });
});
