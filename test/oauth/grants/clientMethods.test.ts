import { createClient, diagnoseSettings, type BankClient } from '../../../core/oauth/client';
import type { BankSettings, ClientAuthenticationMethod } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { json, raw, TOKENS, type Answer } from '../../support/bank/scriptedBank';
import { everythingOf, failureOf } from '../../support/failure';
import { selfSignedCertificate } from '../../support/keys/authority';
import { certificateAuthority } from '../../support/keys/certificates';
import { tlsServer } from '../../support/servers/closing';

/** It has signs that a form and base64 change. */
const SECRET = 's3cret/aB3d:E6gH+9jK2 mN5p&=%~';
/** A short one is hidden as a whole alone. */
const SHORT = 'hunter2x';

let server: AnsweringServer;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  const { url } = server;
  settings = {
    ...(await customCredential(url)),
    clientId: 'client/1',
    authorizationEndpoint: `${url}/authorize`,
    pushedAuthorizationRequestEndpoint: `${url}/par`,
    revocationEndpoint: `${url}/revoke`,
    introspectionEndpoint: `${url}/introspect`,
  };
});
beforeEach(() => {
  server.requests.length = 0;
  server.answers = {
    '/token': json(200, { ...TOKENS, refresh_token: 'rt-2' }),
    '/par': json(201, { request_uri: 'urn:request:1', expires_in: 60 }),
    '/revoke': raw(200, ''),
    '/introspect': json(200, { active: true }),
  };
});
afterAll(() => server?.close());

let count = 0;
const operations: [name: string, act: (client: BankClient) => Promise<unknown>][] = [
  ['an exchange', (client) => client.exchange({ code: `code-${++count}` })],
  ['a refresh', (client) => client.refresh({ refreshToken: `rt-${++count}` })],
  ['an application token', (client) => client.applicationToken()],
  [
    'a pushed authorization request',
    (client) => client.authorizationLink({ delivery: 'pushed', pkce: true, responseType: 'code' }),
  ],
  ['a revocation', (client) => client.revoke({ token: 'rt-1' })],
  ['an introspection', (client) => client.introspect({ token: 'at-1' })],
];

const clientWith = (clientAuthentication: ClientAuthenticationMethod, clientSecret = SECRET) =>
  createClient({ ...settings, clientAuthentication, clientSecret });

/** The request of an operation: what proves the client, without the rest. */
async function proofOf(method: ClientAuthenticationMethod, act: (client: BankClient) => unknown) {
  await act(await clientWith(method));
  expect(server.requests).toHaveLength(1);
  const [{ headers, body, client }] = server.requests as [(typeof server.requests)[0]];
  const form = new URLSearchParams(body);
  return {
    certificate: client,
    authorization: headers.authorization,
    form: Object.fromEntries([...form].filter(([name]) => name.startsWith('client_'))),
  };
}

describe.each(operations)('%s', (name, act) => {
  it('carries the secret in the header, encoded as a form, and no other proof (client_secret_basic)', async () => {
    const { authorization = '', ...others } = await proofOf('client_secret_basic', act);
    const [scheme, encoded = ''] = authorization.split(' ');
    expect(scheme).toBe('Basic');
    expect(Buffer.from(encoded, 'base64').toString()).toBe(
      'client%2F1:s3cret%2FaB3d%3AE6gH%2B9jK2+mN5p%26%3D%25%7E',
    );
    // A pushed request has the parameter of the authorization request (RFC 9126 §2.1).
    const form = name.startsWith('a pushed') ? { client_id: 'client/1' } : {};
    expect(others).toEqual({ certificate: 'Test Client', form });
  });

  it('carries the secret in the form, and no other proof (client_secret_post)', async () => {
    expect(await proofOf('client_secret_post', act)).toEqual({
      certificate: 'Test Client',
      authorization: undefined,
      form: { client_id: 'client/1', client_secret: SECRET },
    });
  });

  it.each(['tls_client_auth', 'self_signed_tls_client_auth'] as const)(
    'carries the certificate alone (%s)',
    async (method) => {
      expect(await proofOf(method, act)).toEqual({
        certificate: 'Test Client',
        authorization: undefined,
        form: { client_id: 'client/1' },
      });
    },
  );

  it('carries an assertion, and no secret (private_key_jwt)', async () => {
    const { form, authorization } = await proofOf('private_key_jwt', act);
    expect(authorization).toBeUndefined();
    expect(form).toEqual({
      client_id: 'client/1',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/) as string,
    });
  });
});

/** A text in the forms in which a server may repeat it. */
const formsOf = (text: string) => {
  const bytes = Buffer.from(text);
  const encoded = ['base64', 'base64url', 'hex'] as const;
  return [
    text,
    encodeURIComponent(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    ...encoded.map((form) => bytes.toString(form)),
  ];
};

describe.each(['client_secret_basic', 'client_secret_post'] as const)(
  'a refusal (%s)',
  (method) => {
    const echo =
      (words: string): Answer =>
      (response, request, form) => {
        const error_description = `Not known: ${words} | ${request.headers.authorization ?? ''} | ${request.body}`;
        json(401, { error: 'invalid_client', error_description })(response, request, form);
      };

    it.each(
      [SECRET, SHORT].flatMap((secret) =>
        [secret, `client/1:${secret}`].flatMap((text) =>
          formsOf(text).map((form): [string, string] => [form, secret]),
        ),
      ),
    )('that repeats the secret as "%s" is shown without it', async (form, secret) => {
      for (const [, act] of operations) {
        for (const path of Object.keys(server.answers)) server.answers[path] = echo(form);
        const failure = await failureOf(act(await clientWith(method, secret)));
        expect(failure.code).toBe('invalid-client');
        expect(failure.message).toContain('Not known: ');
        const everything = everythingOf(failure);
        for (const hidden of formsOf(secret)) expect(everything).not.toContain(hidden);
        const [basic] = formsOf(Buffer.from(`client/1:${secret}`).toString('base64'));
        expect(everything).not.toContain(basic);
      }
    });

    it('has advice for a secret, and names what was sent', async () => {
      server.answers['/token'] = json(401, { error: 'invalid_client' });
      const { description } = await failureOf((await clientWith(method)).applicationToken());
      expect(description).toContain('copy "Client ID" and "Client Secret" again');
      expect(description).toContain(
        `(${method}), certificate with the subject "C=GB,O=Tests,CN=Test Client`,
      );
      expect(description).not.toMatch(/key ID|assertion|audience/i);
      const other = method === 'client_secret_basic' ? 'Form' : 'Header';
      expect(description).toContain(`choose "Client Secret in the ${other}"`);
    });

    it('does not put the secret out in an introspection that repeats it', async () => {
      server.answers['/introspect'] = (response, request, form) =>
        json(200, { active: true, debug: `${request.headers.authorization} ${request.body}` })(
          response,
          request,
          form,
        );
      const answer = JSON.stringify(await (await clientWith(method)).introspect({ token: 'at-1' }));
      expect(answer).toContain('"active":true');
      for (const hidden of formsOf(SECRET)) expect(answer).not.toContain(hidden);
    });
  },
);

it('says that some servers do not decode the header, only if the secret changes in it', async () => {
  server.answers['/token'] = json(401, { error: 'invalid_client' });
  const descriptionWith = async (secret: string) =>
    (await failureOf((await clientWith('client_secret_basic', secret)).applicationToken()))
      .description;
  expect(await descriptionWith(SECRET)).toContain('some servers do not decode them');
  expect(await descriptionWith('letters-and_digits.1')).not.toContain('do not decode');
});

describe('a self-signed certificate', () => {
  it('is shown to a bank that trusts no authority, without a notice about a chain', async () => {
    const { certificate, privateKey } = await selfSignedCertificate('Self-Signed');
    // The bank looks at the certificate itself.
    const bank = await tlsServer({
      clientCertificate: 'optional',
      handle: ({ client }, response) =>
        json(client === 'Self-Signed' ? 200 : 401, TOKENS)(response, {} as never, {} as never),
    });
    const credential: BankSettings = {
      ...(await customCredential(bank.url)),
      clientAuthentication: 'self_signed_tls_client_auth',
      transportCertificate: certificate,
      transportPrivateKey: privateKey,
    };
    const client = await createClient(credential);
    expect(client.profile.notices).toEqual([]);
    const { tokens } = await client.applicationToken();
    expect(tokens).toMatchObject({ access_token: 'at-1' });
    expect((await diagnoseSettings(credential)).failure).toBeUndefined();
  });

  it('may have an issuer that is not given: then a chain is a matter of tls_client_auth alone', async () => {
    const intermediate = await (await certificateAuthority()).intermediate('Unsent CA');
    const { certificate, privateKey } = await intermediate.issue({ key: 'rsa' });
    const noticesWith = async (clientAuthentication: ClientAuthenticationMethod) => {
      const { profile } = await createClient({
        ...settings,
        ...{ clientAuthentication, transportCertificate: certificate },
        transportPrivateKey: privateKey,
      });
      return profile.notices.map(({ code }) => code);
    };
    expect(await noticesWith('tls_client_auth')).toEqual(['intermediate-missing']);
    expect(await noticesWith('self_signed_tls_client_auth')).toEqual([]);
  });

  it('that the bank does not know leads to the registered key set', async () => {
    server.answers['/token'] = json(401, { error: 'invalid_client' });
    const client = await clientWith('self_signed_tls_client_auth');
    const { description } = await failureOf(client.applicationToken());
    expect(description).toContain('"x5c" in "jwks"');
    expect(description).toMatch(/SHA-256 thumbprint "[\w-]{43}"/);
    expect(description).not.toContain('tls_client_auth_subject_dn');
  });
});
