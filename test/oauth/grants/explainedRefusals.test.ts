import { X509Certificate } from 'node:crypto';
import { createClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { failureOf } from '../../support/failure';
import { json, raw, TOKENS, type Answer } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let credential: BankSettings;
beforeAll(async () => {
  server = await startAnsweringServer();
  credential = {
    ...(await customCredential(server.url)),
    keyIdSource: 'given',
    keyId: 'key-7',
    introspectionEndpoint: `${server.url}/introspect`,
    authorizationEndpoint: `${server.url}/authorize`,
    pushedAuthorizationRequestEndpoint: `${server.url}/par`,
  };
});
afterAll(() => server?.close());

let count = 0;
const bankWith = async (answer: Answer, changes: Partial<BankSettings> = {}) => {
  server.answers = { '/token': answer, '/introspect': answer, '/par': answer };
  return createClient({ ...credential, ...changes });
};
const exchange = async (answer: Answer, changes?: Partial<BankSettings>) =>
  failureOf((await bankWith(answer, changes)).exchange({ code: `code-${++count}` }));

const page = raw(403, '<title>Forbidden</title>', 'text/html');

describe('a refusal without a reason', () => {
  it.each<[string, Answer]>([
    ['an empty 400', raw(400, '')],
    ['an empty 401', raw(401, '')],
    ['an empty 403', raw(403, '')],
    ['a web page with 403', page],
    ['JSON without words with 400', json(400, {})],
  ])('names what was sent, at each endpoint: %s', async (_, answer) => {
    const client = await bankWith(answer);
    const link = { responseType: 'code', delivery: 'pushed', pkce: true } as const;
    const failures = {
      token: await failureOf(client.exchange({ code: `code-${++count}` })),
      introspect: await failureOf(client.introspect({ token: 'at-1' })),
      par: await failureOf(client.authorizationLink(link)),
    };
    for (const [path, { description }] of Object.entries(failures)) {
      expect(description).toContain(
        `client ID "client-1", key ID "key-7", algorithm PS256, audience "${server.url}", to "${server.url}/${path}".`,
      );
    }
  });

  it('says that a refused client is likelier than a wrong port, and what to compare first', async () => {
    const { description } = await exchange(raw(400, ''));
    expect(description).toMatch(
      /^The bank gives no reason\. With this status it mostly refuses the client, and a wrong host, port or path is less likely\. Compare first with the registration what was sent: client ID/,
    );
  });

  it('names the certificate if it alone authenticates the client', async () => {
    const { description } = await exchange(page, { clientAuthentication: 'tls_client_auth' });
    const { subject } = new X509Certificate(credential.transportCertificate!);
    expect(description).toMatch(
      /client ID "client-1", certificate with the subject "[^"]+" and the SHA-256 thumbprint "[\w-]{43}", to "/,
    );
    for (const part of subject.split('\n')) expect(description).toContain(part);
    expect(description).not.toMatch(/key ID|audience/);
  });

  it('with another status is about the address', async () => {
    const { description } = await exchange(raw(405, ''));
    expect(description).toContain('check host, port and path');
    expect(description).not.toContain('client-1');
  });
});

describe('"Client credentials are invalid."', () => {
  it('names both causes, the client ID first', async () => {
    const words = { error: 'invalid_client', error_description: 'Client credentials are invalid.' };
    const { code, description } = await exchange(json(401, words), { clientId: 'mistyped' });
    expect(code).toBe('client-credentials-invalid');
    expect(description).toMatch(/does not know the client ID.*could not verify the signature/);
    expect(description).toContain('client ID "mistyped"');
  });
});

describe('a refused code', () => {
  it('about the redirect URI names first the one that was sent, and no other value', async () => {
    const words = { error: 'invalid_grant', error_description: 'Callback url mismatch' };
    const { code, description } = await exchange(json(400, words), {
      redirectUri: 'https://app.example/sent',
    });
    expect(code).toBe('redirect-uri-mismatch');
    expect(description).toMatch(/^The redirect URI was sent as "https:\/\/app\.example\/sent"\. /);
    expect(description).toContain('or under "Options" of the node if it is set there');
    expect(description).not.toMatch(/If the refusal is about|verifier/);
  });

  it('that the bank does not know is not about the redirect URI', async () => {
    const error_description = 'Invalid authorization code received from token request';
    const { code, description } = await exchange(
      json(400, { error: 'invalid_grant', error_description }),
    );
    expect(code).toBe('code-unknown');
    expect(description).not.toMatch(/redirect URI|verifier/);
  });

  it.each<[string, Answer]>([
    ['invalid_grant', json(400, { error: 'invalid_grant' })],
    ['invalid_grant with status 500', json(500, { error: 'invalid_grant' })],
    ['Open Banking UK', json(400, { Errors: [{ ErrorCode: 'X', Message: 'Code not valid' }] })],
    ['the Berlin Group', json(401, { tppMessages: [{ code: 'TOKEN_INVALID', text: 'x' }] })],
    ['an empty 400', raw(400, '')],
    ['a text', raw(400, 'bad code', 'text/plain')],
  ])('names code, redirect URI and code verifier: %s', async (_, answer) => {
    const { description } = await exchange(answer);
    expect(description).toContain('The code has to be new, whole and unused');
    expect(description).toContain('redirect URI was sent as "https://app.example/redirect"');
    expect(description).toContain('no code verifier was sent');
  });

  it('says that a code verifier was sent, without its value', async () => {
    const client = await bankWith(json(400, { error: 'invalid_grant' }));
    const exchanged = client.exchange({ code: `code-${++count}`, codeVerifier: 'ver1f1er-value' });
    const { text } = await failureOf(exchanged);
    expect(text).toContain('the code verifier that belongs to it was sent');
    expect(text).not.toContain('ver1f1er-value');
  });

  it.each<[string, Answer]>([
    ['a refused client', json(401, { error: 'invalid_client' })],
    ['too many requests', json(429, { error: 'slow_down' })],
  ])('is not what a message is about: %s', async (_, answer) => {
    expect((await exchange(answer)).description).not.toContain('If the refusal is about the code');
  });

  it('keeps the pause that the bank asks for in the advice', async () => {
    const { description } = await exchange(json(503, {}, { 'Retry-After': '40' }));
    expect(description).toMatch(/^The bank asks for a pause of 40 seconds\. It is not known/);
  });
});

describe('a refused application token', () => {
  const application = async (answer: Answer, scope: string) =>
    (await failureOf((await bankWith(answer, { scope })).applicationToken())).description;

  it('names the scope that was asked for, or that there was none', async () => {
    for (const error of ['invalid_scope', 'invalid_request']) {
      const refused = json(400, { error });
      expect(await application(refused, 'accounts payments')).toContain(
        'The scope "accounts payments" was asked for.',
      );
      expect(await application(refused, '')).toContain(
        'The application token was asked for without a scope. If the bank demands one, fill in "Scope" in the credential.',
      );
    }
  });
});

describe('an application token', () => {
  const remarks = async (scope: string, granted: string | undefined) => {
    const client = await bankWith(json(200, { ...TOKENS, scope: granted }), { scope });
    return (await client.applicationToken()).remarks.join();
  };

  it('has a remark if neither the request nor the answer names a scope', async () => {
    expect(await remarks('', undefined)).toContain('("Scope" is empty)');
    expect(await remarks('', 'accounts')).toBe('');
    expect(await remarks('accounts', undefined)).toBe('');
  });

  it('has a remark if a part of its scope is missing', async () => {
    expect(await remarks('accounts payments', 'accounts')).toContain('"payments" is missing');
    expect(await remarks('accounts openid', 'openid extra accounts')).toBe('');
  });
});

describe('an audience that is refused', () => {
  const refused = json(400, {
    error: 'invalid_client',
    error_description: 'Failed to match audience values.',
  });

  it('leads from discovery to a custom value or to custom endpoints, with all addresses', async () => {
    const { url } = server;
    const client = await bankWith(refused, { bank: 'discovery' });
    server.answers['/.well-known/openid-configuration'] = json(200, {
      issuer: url,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      pushed_authorization_request_endpoint: `${url}/par`,
    });
    const { code, description } = await failureOf(client.exchange({ code: `code-${++count}` }));
    expect(code).toBe('assertion-audience');
    expect(description).toContain(
      `set "Audience" in the credential to "Custom Value" and "Audience Value" to ${url}/token.`,
    );
    expect(description).toContain(
      `set "Bank" to "Custom Endpoints", "Audience" to "Endpoint Being Called", and fill in what its metadata names: "Issuer" ${url}, "Token Endpoint" ${url}/token, "Pushed Authorization Request Endpoint" ${url}/par, "JWKS URL" ${url}/jwks.`,
    );
    expect(description).toContain(`audience "${url}"`);
  });

  it('has the advice of the catalogue otherwise', async () => {
    expect((await exchange(refused)).description).toContain('Choose another "Audience"');
  });
});

describe('a success without a token', () => {
  it('shows the words of the bank', async () => {
    const answer = json(200, { Code: '900', Message: 'Contract ended' });
    expect(await exchange(answer)).toMatchObject({
      code: 'response-invalid',
      message: 'The bank answered without an access token: 900 – Contract ended',
    });
  });
});
