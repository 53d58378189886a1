import { constants, generateKeyPairSync, verify } from 'node:crypto';
import {
  authorizationParameters,
  authorizationUrl,
  byValue,
  requestObject,
  type AuthorizationRequest,
} from '../../../core/oauth/authorization/authorizationRequest';
import { randomValue } from '../../../core/lib/randomValue';
import { codeChallenge } from '../../../core/oauth/authorization/pkce';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer = { algorithm: 'PS256', keyId: 'key-1', key: privateKey, type: 'JWT' } as const;

const request: AuthorizationRequest = {
  clientId: 'client-1',
  responseType: 'code id_token',
  redirectUri: 'https://app.example/redirect',
  scope: 'openid accounts',
  state: 's-1',
  nonce: 'n-1',
};
const full: AuthorizationRequest = {
  ...request,
  responseMode: 'form_post',
  codeChallenge: 'challenge',
  consentId: 'consent-1',
  acr: { values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'], essential: true },
  maxAge: 0,
  prompt: 'login',
  authorizationDetails: [{ type: 'account_information' }],
  furtherParameters: { ui_locales: 'pt-BR', resource: ['https://a.example', 'https://b.example'] },
};

const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part!, 'base64url').toString()) as Record<string, unknown>;

describe('authorizationParameters', () => {
  it('has the claims for the consent in ID token and userinfo, and the parameters for the log-in', () => {
    const intent = { openbanking_intent_id: { value: 'consent-1', essential: true } };
    expect(authorizationParameters(full)).toEqual({
      response_type: 'code id_token',
      response_mode: 'form_post',
      client_id: 'client-1',
      scope: 'openid accounts',
      redirect_uri: 'https://app.example/redirect',
      state: 's-1',
      nonce: 'n-1',
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
      prompt: 'login',
      max_age: 0,
      authorization_details: [{ type: 'account_information' }],
      ui_locales: 'pt-BR',
      resource: ['https://a.example', 'https://b.example'],
      claims: {
        userinfo: intent,
        id_token: {
          ...intent,
          acr: {
            values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'],
            essential: true,
          },
        },
      },
    });
  });

  it('omits empty parameters', () => {
    const bare = { ...request, scope: '', prompt: '', furtherClaims: {}, authorizationDetails: [] };
    expect(Object.keys(authorizationParameters(bare))).toEqual([
      ...['response_type', 'client_id', 'redirect_uri', 'state', 'nonce'],
    ]);
  });

  it('never replaces what it sets itself by a further parameter', () => {
    const furtherParameters = { client_id: 'other', state: 'other', scope: 'other' };
    expect(authorizationParameters({ ...request, furtherParameters })).toEqual(
      authorizationParameters(request),
    );
  });
});

describe('requestObject', () => {
  const now = new Date('2026-01-02T03:04:05.999Z');
  const seconds = Date.parse('2026-01-02T03:04:05Z') / 1000;

  it('signs a JWT for the bank that is dated back five seconds and lasts ten minutes', async () => {
    const parameters = authorizationParameters(full);
    const options = { audience: 'https://bank.example', type: 'oauth-authz-req+jwt', now } as const;
    const jws = await requestObject(signer, parameters, options);
    const [header, payload, signature] = jws.split('.');
    expect(decode(header)).toEqual({ kid: 'key-1', typ: 'oauth-authz-req+jwt', alg: 'PS256' });
    expect(decode(payload)).toEqual({
      ...parameters,
      iss: 'client-1',
      aud: 'https://bank.example',
      jti: expect.stringMatching(/^[\w-]{43}$/),
      iat: seconds - 5,
      nbf: seconds - 5,
      exp: seconds - 5 + 600,
    });
    // Verified by Node.js, because jose signed it.
    const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const data = Buffer.from(`${header}.${payload}`);
    expect(verify('sha256', data, key, Buffer.from(signature!, 'base64url'))).toBe(true);
  });

  it('is sent in the address, together with the parameters that OpenID Connect requires twice, and no others', () => {
    const parameters = byValue(authorizationParameters(full), 'e.y.J');
    expect(Object.keys(parameters)).toEqual([
      ...['response_type', 'response_mode', 'client_id', 'scope', 'redirect_uri', 'state'],
      ...['nonce', 'prompt', 'request'],
    ]);
  });
});

describe('authorizationUrl', () => {
  it('repeats a parameter that has several values (RFC 8707 §2)', () => {
    const { searchParams } = new URL(
      authorizationUrl('https://bank.example/authorize', authorizationParameters(full)),
    );
    expect(searchParams.getAll('resource')).toEqual(['https://a.example', 'https://b.example']);
    expect(searchParams.get('authorization_details')).toBe('[{"type":"account_information"}]');
  });

  it('encodes objects as JSON, and special characters', () => {
    const parameters = { ...authorizationParameters({ ...request, state: 'a&b=c #+é' }), claims };
    const url = new URL(authorizationUrl('https://bank.example/authorize', parameters));
    expect(url.searchParams.get('state')).toBe('a&b=c #+é');
    expect(JSON.parse(url.searchParams.get('claims')!)).toEqual(claims);
    expect(url.search).toContain('response_type=code%20id_token&');
    expect(url.hash).toBe('');
  });
  const claims = { id_token: { acr: { essential: true } } };

  it('appends the parameters to the query of the endpoint', () => {
    const url = authorizationUrl('https://bank.example/authorize?tenant=1', { client_id: 'c' });
    expect(url).toBe('https://bank.example/authorize?tenant=1&client_id=c');
  });
});

describe('PKCE', () => {
  it('returns the code challenge of RFC 7636, appendix B', () => {
    expect(codeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it('makes different random values of 256 bits', () => {
    const values = Array.from({ length: 1000 }, randomValue);
    expect(new Set(values).size).toBe(1000);
    for (const value of values) expect(value).toMatch(/^[\w-]{43}$/);
  });
});
