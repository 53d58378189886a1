import { createClient, diagnoseSettings } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { certificateAuthority, clientCertificate } from '../../support/keys/certificates';
import { closeAfterTest } from '../../support/servers/closing';
import { customCredential } from '../../support/bank/credential';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

describe('diagnoseSettings at another bank', () => {
  let server: TlsServer;
  let settings: BankSettings;
  /** By grant type; `metadata` for requests without one. */
  let answers: Record<string, Answer>;

  beforeAll(async () => {
    server = await startTlsServer({
      handle: (request, response) => {
        const form = new URLSearchParams(request.body);
        const answer = answers[form.get('grant_type') ?? 'metadata'] ?? raw(404, '');
        answer(response, request, form);
      },
    });
    settings = { ...(await customCredential(server.url)), jwksUri: '' };
  });
  beforeEach(() => {
    answers = {};
    server.requests.length = 0;
  });
  afterAll(() => server?.close());

  const tokens = { access_token: 'at-1', token_type: 'Bearer' };
  const refusal = (error: string, error_description?: string) =>
    json(400, { error, error_description });

  it.each([
    ['invalid_grant', undefined],
    ['invalid_grant', 'Invalid authorization code received from token request'],
    ['invalid_grant', 'Callback url mismatch'],
  ])('accepts the refusal of an invented code as a proof: %s, %s', async (error, description) => {
    answers = {
      client_credentials: refusal('unauthorized_client'),
      authorization_code: refusal(error, description),
    };
    const { failure, proven } = await diagnoseSettings(settings);
    expect(failure).toBeUndefined();
    expect(proven).toContain(
      'The bank knows the client and its key: it refused nothing but a made-up code.',
    );
    const codes = server.requests.map(({ body }) => new URLSearchParams(body).get('code'));
    expect(codes.filter(Boolean)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
  });

  it('requests an application token if the refusal of a code is inconclusive', async () => {
    answers = {
      authorization_code: refusal('unauthorized_client'),
      client_credentials: json(200, tokens),
    };
    const { failure, proven } = await diagnoseSettings(settings);
    expect(failure).toBeUndefined();
    expect(proven.at(-1)).toContain('it granted an application token');
  });

  it.each<[string, object]>([
    ['another token type', { token_type: 'BearerToken' }],
    ['no token type', { token_type: null }],
    ['null members', { refresh_token: null, scope: null, expires_in: null, error: null }],
    ['an unknown lifetime', { expires_in: 'soon' }],
    ['an ID token that nobody signed', { id_token: 'nonsense' }],
    ['a name of this package', { authorization: 'Bearer of-the-bank' }],
  ])('succeeds, as the operation does, if the application token has %s', async (_, change) => {
    answers = {
      authorization_code: refusal('unauthorized_client'),
      client_credentials: json(200, { ...tokens, ...change }),
    };
    expect((await diagnoseSettings(settings)).failure).toBeUndefined();
    const { tokens: received, failedCheck } = await (
      await createClient(settings)
    ).applicationToken();
    expect(failedCheck).toBeUndefined();
    expect(received).toMatchObject({ authorization: 'Bearer at-1' });
    expect(received).not.toHaveProperty('id_token');
  });

  it('fails, as the operation does, if the application token is no text', async () => {
    answers = {
      authorization_code: refusal('unauthorized_client'),
      client_credentials: json(200, { access_token: 1, refresh_token: 'rt-1' }),
    };
    const { failure } = await diagnoseSettings(settings);
    const { failedCheck } = await (await createClient(settings)).applicationToken();
    expect(failedCheck).toMatchObject({ code: 'response-invalid' });
    expect(failure).toMatchObject({ code: 'response-invalid', message: failedCheck!.message });
  });

  it.each<[string, Answer]>([
    ['JSON that is no OAuth response', json(400, { problem: 1 })],
    ['a web page', raw(403, '<title>Forbidden</title>', 'text/html')],
  ])('requests an application token if an invented code is refused with %s', async (_, answer) => {
    answers = { authorization_code: answer, client_credentials: json(200, tokens) };
    expect((await diagnoseSettings(settings)).failure).toBeUndefined();
  });

  it('does not accept tokens for an invented code as a proof', async () => {
    answers = {
      authorization_code: json(200, tokens),
      client_credentials: refusal('invalid_client'),
    };
    expect((await diagnoseSettings(settings)).failure).toMatchObject({ code: 'invalid-client' });
  });

  it('names the algorithms of the metadata if the bank refuses the client', async () => {
    answers = {
      authorization_code: refusal('invalid_client'),
      metadata: json(200, {
        issuer: server.url,
        token_endpoint: `${server.url}/token`,
        token_endpoint_auth_signing_alg_values_supported: ['ES256'],
      }),
    };
    const discovered = { bank: 'discovery', issuer: server.url } as const;
    const { failure } = await diagnoseSettings({ ...settings, ...discovered });
    expect(failure!.description).toContain(
      'does not offer PS256 for client assertions; it offers: ES256.',
    );
  });

  describe('with metadata', () => {
    let clients = 0;
    const discovered = (metadata: object, changes: BankSettings = {}) => {
      answers.metadata = json(200, {
        ...{ issuer: server.url, token_endpoint: `${server.url}/token` },
        ...metadata,
      });
      // A client remembers metadata.
      const clientId = `client-with-metadata-${++clients}`;
      const bank = { bank: 'discovery', issuer: server.url, clientId } as const;
      return diagnoseSettings({ ...settings, ...changes, ...bank });
    };
    const METHODS = { token_endpoint_auth_methods_supported: ['private_key_jwt'] };
    const secret: BankSettings = {
      clientAuthentication: 'client_secret_basic',
      clientSecret: 's3cret-1',
    };
    const words =
      'The metadata of the bank does not offer client_secret_basic for client authentication; it offers: private_key_jwt';

    it('names the client authentication that it does not offer first, if the bank refuses the client', async () => {
      answers = { authorization_code: json(401, { error: 'invalid_client' }) };
      const { failure, notices } = await discovered(METHODS, secret);
      expect(failure!.description.startsWith(`${words}.`)).toBe(true);
      // Once is enough.
      expect(failure!.text.split(words)).toHaveLength(2);
      expect(notices).toEqual([]);
    });

    it('names it if the bank gives no reason', async () => {
      answers = { authorization_code: raw(401, '') };
      const { failure } = await discovered(METHODS, secret);
      expect(failure!.text).toContain(words);
    });

    it('has a notice, and does not fail, if the bank accepts the client all the same', async () => {
      answers = { authorization_code: refusal('invalid_grant') };
      const { failure, notices } = await discovered(METHODS, secret);
      expect(failure).toBeUndefined();
      expect(notices.map(({ code, message }) => `${code}: ${message}`)).toEqual([
        `not-offered: ${words}`,
      ]);
      expect((await discovered(METHODS)).notices).toEqual([]);
    });

    it('has a notice about DPoP if the bank does not say that it binds tokens to certificates', async () => {
      answers = { authorization_code: refusal('invalid_grant') };
      const dpop = { dpop_signing_alg_values_supported: ['PS256'] };
      const { failure, notices } = await discovered(dpop);
      expect(failure).toBeUndefined();
      expect(notices.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^This bank may want tokens that are bound by DPoP, which this/),
      ]);
      const bound = { ...dpop, tls_client_certificate_bound_access_tokens: true };
      expect((await discovered(bound)).notices).toEqual([]);
    });

    it('says nothing about the mutual TLS of an endpoint that has an alias', async () => {
      answers = { authorization_code: refusal('invalid_grant') };
      const alias = { mtls_endpoint_aliases: { token_endpoint: `${server.url}/mtls/token` } };
      const { failure } = await discovered({ ...alias, token_endpoint: 'https://localhost:1/' });
      expect(failure).toBeUndefined();
      expect(server.requests.at(-1)!.url).toBe('/mtls/token');
    });
  });

  it('names the registered subject DN if the bank refuses a client that only the certificate authenticates', async () => {
    answers = { authorization_code: refusal('invalid_client') };
    const { failure } = await diagnoseSettings({
      ...settings,
      clientAuthentication: 'tls_client_auth',
    });
    expect(failure!.description).toContain('tls_client_auth_subject_dn');
    expect(failure!.description).not.toContain('Key ID');
  });

  it.each<[string, Answer]>([
    ['closes the connection', (response) => response.destroy()],
    ['does not answer', () => undefined],
  ])('succeeds if a gateway to which it sends no request %s', async (_, gateway) => {
    answers = { authorization_code: refusal('invalid_grant') };
    const other = await startTlsServer({
      handle: (request, response) => gateway(response, request, new URLSearchParams()),
    });
    closeAfterTest(() => other.close());
    const { failure, proven } = await diagnoseSettings({
      ...settings,
      refreshEndpoint: `${other.url}/token`,
      requestTimeout: 0.3,
    });
    expect(failure).toBeUndefined();
    expect(proven.join()).not.toContain('which refreshes tokens');
  });

  it('does not accept the refusal of a client as a proof', async () => {
    answers = {
      client_credentials: refusal('unauthorized_client'),
      authorization_code: refusal('invalid_client'),
    };
    expect((await diagnoseSettings(settings)).failure).toMatchObject({ code: 'invalid-client' });
  });

  it('reports an answer that does not prove whether the bank accepts the client', async () => {
    answers = { client_credentials: raw(403, ''), authorization_code: raw(403, '') };
    const { failure } = await diagnoseSettings(settings);
    expect(failure).toMatchObject({ code: 'response-empty' });
    expect(failure!.description).toMatch(/^This answer does not show whether the bank accepted/);
  });

  describe('with another clock', () => {
    const later =
      (seconds: number, answer: Answer): Answer =>
      (response, ...rest) => {
        response.setHeader('Date', new Date(Date.now() + seconds * 1000).toUTCString());
        answer(response, ...rest);
      };
    const both = (seconds: number, answer: Answer) => ({
      authorization_code: later(seconds, answer),
      client_credentials: later(seconds, answer),
    });

    it.each([
      [120, /^The clock of this machine is 1(19|20|21) seconds behind that of the bank$/],
      [-120, /^The clock of this machine is 1(19|20|21) seconds ahead of that of the bank$/],
    ])(
      'gives a notice if the clocks differ by %i seconds and the bank accepts the assertion',
      async (seconds, message) => {
        answers = both(seconds, refusal('invalid_grant'));
        const { failure, notices, clockOffset } = await diagnoseSettings(settings);
        expect(failure).toBeUndefined();
        expect(Math.abs(clockOffset! + seconds)).toBeLessThanOrEqual(1);
        expect(notices.find(({ code }) => code === 'clock-offset')!.message).toMatch(message);
      },
    );

    it('gives no notice if the clocks differ by two seconds', async () => {
      answers = both(2, refusal('invalid_grant'));
      const codes = (await diagnoseSettings(settings)).notices.map(({ code }) => code);
      expect(codes).not.toContain('clock-offset');
    });

    it.each([
      ['invalid_request', 'JWT Token is expired.', 'assertion-time'],
      ['invalid_client', 'No.', 'invalid-client'],
    ])(
      'names the clock first if the bank refuses with %s: %s',
      async (error, description, code) => {
        answers = both(120, refusal(error, description));
        const { failure } = await diagnoseSettings(settings);
        expect(failure).toMatchObject({ code });
        expect(failure!.description).toMatch(/^The clock of this machine is \d+ seconds behind/);
        if (code === 'invalid-client') expect(failure!.description).toContain(', audience "');
      },
    );

    it('names the clock once, in the failure or in a notice', async () => {
      answers = both(-20, refusal('invalid_client'));
      const { failure, notices } = await diagnoseSettings(settings);
      expect(failure!.description).toMatch(/^The clock of this machine is \d+ seconds ahead/);
      answers = both(-8, refusal('invalid_client'));
      const near = await diagnoseSettings(settings);
      expect(near.failure!.description).not.toMatch(/^The clock/);
      // In the failure if the clock explains it, otherwise in a notice.
      expect(notices.map(({ code }) => code)).not.toContain('clock-offset');
      expect(near.notices.map(({ code }) => code)).toContain('clock-offset');
    });
  });

  it('checks the dates of the certificate before it sends a request', async () => {
    const withDates = async (dates: { from?: number; until?: number }) => {
      const { certificate } = await clientCertificate({ key: 'rsa', ...dates });
      return diagnoseSettings({ ...settings, transportCertificate: certificate });
    };
    answers = { authorization_code: refusal('invalid_grant') };
    expect((await withDates({ until: -1 })).failure).toMatchObject({ code: 'certificate-expired' });
    expect((await withDates({ from: 1 })).failure).toMatchObject({
      code: 'certificate-not-yet-valid',
    });
    expect(server.requests).toHaveLength(0);
    // The failure names the certificate already.
    expect((await withDates({ until: -1 })).notices).toEqual([]);
    expect((await withDates({ from: 1 })).notices).toEqual([]);
    const { failure, notices } = await withDates({ until: 20 });
    expect(failure).toBeUndefined();
    expect(notices.map(({ code }) => code)).toContain('certificate-expires-soon');
  });

  it('gives no notices about an expired transport certificate, only about the other certificate', async () => {
    const intermediate = await (await certificateAuthority()).intermediate('Unsent CA');
    const own = await intermediate.issue({ key: 'rsa', until: -1 });
    const signing = await clientCertificate({ key: 'rsa', until: -1 });
    const { failure, notices } = await diagnoseSettings({
      ...settings,
      transportCertificate: own.certificate,
      transportPrivateKey: own.privateKey,
      separateSigningKey: true,
      signingCertificate: signing.certificate,
      signingPrivateKey: signing.privateKey,
    });
    expect(failure!.message).toMatch(/^"Transport Certificate" expired/);
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^"Signing Certificate" expired/),
    ]);
  });

  it('sends requests with an expired signing certificate, and gives a notice', async () => {
    const signing = await clientCertificate({ key: 'rsa', until: -1 });
    answers = { authorization_code: refusal('invalid_grant') };
    const { failure, notices } = await diagnoseSettings({
      ...settings,
      separateSigningKey: true,
      signingCertificate: signing.certificate,
      signingPrivateKey: signing.privateKey,
    });
    expect(failure).toBeUndefined();
    expect(notices.map(({ message }) => message).join()).toContain('"Signing Certificate" expired');
  });
});
