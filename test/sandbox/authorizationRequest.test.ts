import { randomBytes } from 'node:crypto';
import { decodeJwt, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { Browser, type Place } from './browser';
import { sandboxWithThirdParty } from './sandboxWithThirdParty';

/** The redirect URI of an n8n on this computer. */
const LOCAL = 'http://localhost:5678/webhook/open-banking-redirect';

const at = sandboxWithThirdParty({ redirectUris: [LOCAL] });

/** The differences from a good request. */
interface Changes {
  claims?: JWTPayload;
  header?: Partial<JWTHeaderParameters>;
  key?: 'client' | 'otherClient';
  redirectUri?: string;
  /** Changes the signed request object. */
  tamper?: (request: string) => string;
}

async function newConsent(): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: 'accounts' };
  const { access_token } = (await at.thirdParty.token(form)).body;
  const Data = { Permissions: ['ReadAccountsDetail'] };
  const created = { method: 'POST', body: { Data, Risk: {} } };
  const { body } = await at.thirdParty.api('/account-access-consents', access_token, created);
  return body.Data.ConsentId;
}

/** Opens an authorization request in a new browser. Returns the browser, and the page or redirect that it comes to. */
async function ask(consent: string, changes: Changes = {}): Promise<[Browser, Place]> {
  const { header, key, redirectUri = at.bank.ready.redirectUri, tamper = String } = changes;
  const { clientId, issuer, scope, identityUrl } = at.bank.ready;
  const now = Math.floor(Date.now() / 1000);
  const parameters = {
    ...{ client_id: clientId, response_type: 'code id_token', redirect_uri: redirectUri, scope },
    ...{ state: randomBytes(8).toString('hex'), nonce: 'nonce' },
  };
  const claims = {
    ...parameters,
    ...{ iss: clientId, aud: issuer, iat: now, nbf: now, exp: now + 600 },
    claims: { id_token: { openbanking_intent_id: { value: consent, essential: true } } },
    ...changes.claims,
  };
  const request = tamper(await at.thirdParty.sign(claims, { header, key }));
  const browser = new Browser(at.thirdParty, redirectUri);
  const query = new URLSearchParams({ ...parameters, request });
  return [browser, await browser.open(`${identityUrl}/oauth2/authorize?${String(query)}`)];
}

const words = ({ url, answer }: Place): string => decodeURIComponent(url.hash) || answer.text;

describe('a signed request object', () => {
  it('leads to the log-in', async () => {
    const [, { answer }] = await ask(await newConsent());
    expect(answer.text).toContain('Log in to Sandbox Bank');
  });

  const now = Math.floor(Date.now() / 1000);

  it.each<[string, Changes]>([
    ['with a signature that is not its own', { tamper: (jwt) => jwt.replace(/.{8}$/, 'AAAAAAAA') }],
    ['that was changed after it was signed', { tamper: withOtherNonce }],
    ['signed with the key of another client', { key: 'otherClient' }],
    ['with a key ID that is not registered', { header: { kid: 'unknown' } }],
    ['with another algorithm than registered', { header: { alg: 'RS256' } }],
    ['without a signature', { tamper: withoutSignature }],
    ['for another audience', { claims: { aud: 'https://example.com' } }],
    ['from another issuer', { claims: { iss: 'somebody' } }],
    ['that has expired', { claims: { iat: now - 900, nbf: now - 900, exp: now - 300 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['that lives for more than an hour', { claims: { exp: now + 3_700 } }],
    ['without "nbf"', { claims: { nbf: undefined } }],
    ['for another client than in the address', { claims: { client_id: 'somebody' } }],
  ])('%s is refused', async (_name, changes) => {
    const [, place] = await ask(await newConsent(), changes);
    expect(words(place)).toMatch(/invalid_request/);
    expect(place.answer.text).not.toContain('Log in to Sandbox Bank');
  });
});

describe('a redirect URI', () => {
  const approve = async (browser: Browser, login: Place): Promise<Place> => {
    const consent = await browser.submit(login, [
      ['username', 'alex.morgan'],
      ['password', 'sandbox'],
    ]);
    return browser.submit(consent, [
      ['account', '30080012343456'],
      ['decision', 'approve'],
    ]);
  };

  it('of the command line is accepted, also if it is on this computer', async () => {
    const consent = await newConsent();
    const [browser, login] = await ask(consent, { redirectUri: LOCAL });
    const policy = login.answer.headers['content-security-policy'];
    expect(policy).toContain("form-action 'self' http://localhost:5678");
    const { url } = await approve(browser, login);
    expect(url.origin + url.pathname).toBe(LOCAL);
    const answer = new URLSearchParams(url.hash.slice(1));
    expect(decodeJwt(answer.get('id_token')!)).toMatchObject({ openbanking_intent_id: consent });
    const { status } = await at.thirdParty.exchange(answer.get('code')!, LOCAL);
    expect(status).toBe(200);
  });

  it.each([
    ['on another port', 'http://localhost:5679/webhook/open-banking-redirect'],
    ['with more at its end', `${LOCAL}/more`],
  ])('%s is refused, without a redirect', async (_name, redirectUri) => {
    const [, { url, answer }] = await ask(await newConsent(), { redirectUri });
    expect(url.origin).toBe(at.bank.ready.identityUrl);
    expect(answer.text).toContain('invalid_redirect_uri');
  });
});

function withOtherNonce(jwt: string): string {
  const [header, , signature] = jwt.split('.');
  const claims = JSON.stringify({ ...decodeJwt(jwt), nonce: 'another' });
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.');
}

function withoutSignature(jwt: string): string {
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  return `${header}.${jwt.split('.')[1]}.`;
}
