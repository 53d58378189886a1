import { Browser, type Place } from './browser';
import { sandboxWithThirdParty } from './sandboxWithThirdParty';

const at = sandboxWithThirdParty();

const HOUSEHOLD = '30080012343456';
const SAVINGS = '30080098763459';

const visit = async (): Promise<{ browser: Browser; login: Place }> => {
  const browser = new Browser(at.thirdParty, at.bank.ready.redirectUri);
  const login = await browser.open(`${at.bank.ready.identityUrl}/sandbox/customer-link`);
  return { browser, login };
};

const logIn = async (): Promise<{ browser: Browser; consent: Place }> => {
  const { browser, login } = await visit();
  const consent = await browser.submit(login, [
    ['username', 'alex.morgan'],
    ['password', 'sandbox'],
  ]);
  return { browser, consent };
};

const fragment = ({ url }: Place): URLSearchParams => new URLSearchParams(url.hash.slice(1));

describe('the log-in page', () => {
  it('has user name and password filled in, and loads nothing from other hosts', async () => {
    const { login } = await visit();
    expect(login.answer.status).toBe(200);
    expect(login.answer.text).toContain('value="alex.morgan"');
    const policy = login.answer.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).toContain(`form-action 'self' ${new URL(at.bank.ready.redirectUri).origin}`);
  });

  it('is shown again after a wrong password', async () => {
    const { browser, login } = await visit();
    const again = await browser.submit(login, [
      ['username', 'alex.morgan'],
      ['password', 'wrong'],
    ]);
    expect(again.answer.status).toBe(401);
    expect(again.answer.text).toContain('The user name or the password is wrong.');
  });
});

describe('the consent page', () => {
  it('shows the third party, the requested permissions and the accounts', async () => {
    const { consent } = await logIn();
    expect(consent.answer.status).toBe(200);
    for (const words of ['Ledger Sync', 'Your account balances', 'Household', 'Rainy day']) {
      expect(consent.answer.text).toContain(words);
    }
  });

  it('gives access to accounts and transactions after approval', async () => {
    const { browser, consent } = await logIn();
    const end = await browser.submit(consent, [
      ['account', HOUSEHOLD],
      ['account', SAVINGS],
      ['decision', 'approve'],
    ]);
    const exchanged = await at.thirdParty.exchange(fragment(end).get('code') ?? '');
    expect(exchanged.status).toBe(200);
    const refreshed = await at.thirdParty.refresh(exchanged.body.refresh_token);
    expect(refreshed.status).toBe(200);
    const { access_token } = refreshed.body;
    const accounts = await at.thirdParty.api('/accounts', access_token);
    expect(accounts.body.Data.Account.map(({ AccountId }) => AccountId)).toEqual([
      HOUSEHOLD,
      SAVINGS,
    ]);
    const transactions = await at.thirdParty.api(`/accounts/${SAVINGS}/transactions`, access_token);
    expect(transactions.body.Data.Transaction).toHaveLength(24);
    const kept = await at.thirdParty.api('/accounts/30080056781234/balances', access_token);
    expect(kept.status).toBe(400);
  });

  it('demands at least one account', async () => {
    const { browser, consent } = await logIn();
    const again = await browser.submit(consent, [['decision', 'approve']]);
    expect(again.answer.status).toBe(422);
    expect(again.answer.text).toContain('Choose at least one account, or deny.');
  });

  it('redirects with access_denied after a denial', async () => {
    const { browser, consent } = await logIn();
    const end = await browser.submit(consent, [['decision', 'deny']]);
    expect(Object.fromEntries(fragment(end))).toMatchObject({
      error: 'access_denied',
      error_description: 'User denied the consent',
      state: expect.any(String) as string,
    });
  });
});

describe('the error page', () => {
  it('is shown for a log-in page that has expired', async () => {
    const browser = new Browser(at.thirdParty, at.bank.ready.redirectUri);
    const { answer } = await browser.open(`${at.bank.ready.identityUrl}/interaction/gone`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('This page is too old');
  });

  it('is shown for an authorization request of an unknown client', async () => {
    const browser = new Browser(at.thirdParty, at.bank.ready.redirectUri);
    const url = `${at.bank.ready.identityUrl}/oauth2/authorize?client_id=%3Cscript%3E`;
    const { answer } = await browser.open(url);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('This did not work');
    expect(answer.text).not.toContain('<script>');
  });
});

describe('an authorization request', () => {
  const ask = async (intent?: string): Promise<Place> => {
    const { ready } = at.bank;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      client_id: ready.clientId,
      response_type: 'code id_token',
      redirect_uri: ready.redirectUri,
      scope: ready.scope,
      state: 'state',
      nonce: 'nonce',
    };
    const request = await at.thirdParty.sign({
      ...claims,
      iss: ready.clientId,
      aud: ready.issuer,
      iat: now,
      nbf: now,
      exp: now + 60,
      claims: { id_token: { openbanking_intent_id: { value: intent, essential: true } } },
    });
    const browser = new Browser(at.thirdParty, ready.redirectUri);
    const query = new URLSearchParams({ ...claims, request });
    const login = await browser.open(`${ready.identityUrl}/oauth2/authorize?${String(query)}`);
    return browser.submit(login, [
      ['username', 'alex.morgan'],
      ['password', 'sandbox'],
    ]);
  };

  it.each([
    ['that nobody created', () => Promise.resolve('urn-sandbox-intent-unknown')],
    ['that is already authorised', async () => (await at.bank.authorize()).consent_id],
    [
      'of another client',
      async () => (await at.bank.authorize(at.bank.ready.otherClientId)).consent_id,
    ],
  ])('is refused for a consent %s', async (_name, intent) => {
    expect(Object.fromEntries(fragment(await ask(await intent())))).toMatchObject({
      error: 'invalid_request',
      error_description: 'openbanking_intent_id names no consent that awaits authorisation',
      state: 'state',
    });
  });

  it('is refused without a signed request object', async () => {
    const { ready } = at.bank;
    const query = new URLSearchParams({
      client_id: ready.clientId,
      response_type: 'code id_token',
      redirect_uri: ready.redirectUri,
      scope: ready.scope,
      state: 'state',
      nonce: 'nonce',
    });
    const browser = new Browser(at.thirdParty, ready.redirectUri);
    const end = await browser.open(`${ready.identityUrl}/oauth2/authorize?${String(query)}`);
    const words = end.url.hash || end.answer.text;
    expect(words).toContain('invalid_request');
  });
});
