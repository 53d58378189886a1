import { diagnoseSettings } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import {
  certificateAuthority,
  clientCertificate,
  type TestCertificate,
} from '../../support/keys/certificates';
import { closeAfterTest } from '../../support/servers/closing';
import { customCredential, sandboxCredential } from '../../support/bank/credential';
import { startOpensslServer } from '../../support/servers/opensslServer';
import { startSandbox, type Sandbox } from '../../support/bank/sandbox';

describe('diagnoseSettings at the sandbox', () => {
  let bank: Sandbox;
  let credential: BankSettings;
  beforeAll(async () => {
    bank = await startSandbox();
    credential = await sandboxCredential(bank);
  });
  afterAll(() => bank?.stop());

  it('proves each step without using a code or a refresh token', async () => {
    await bank.clearRequests();
    const diagnosis = await diagnoseSettings(credential);
    expect(diagnosis).toEqual({
      proven: [
        'The certificate and its private key belong together.',
        expect.stringMatching(
          /^TLS to "localhost:\d+" stands; the client certificate was shown if/,
        ),
        'The bank knows the client and its key: it refused nothing but a made-up code.',
        expect.stringMatching(/^So does TLS to "localhost:\d+", which refreshes tokens\.$/),
        expect.stringMatching(/^The account API at "localhost:\d+" answers, over TLS\.$/),
        'The keys of its ID tokens are at hand.',
      ],
      notices: expect.any(Array) as unknown[],
      clockOffset: expect.any(Number) as number,
    });
    expect(Math.abs(diagnosis.clockOffset!)).toBeLessThanOrEqual(1);
    const grants = (await bank.requests()).flatMap(({ form }) => form?.grant_type ?? []);
    expect(grants).toEqual(['authorization_code', 'refresh_token']);
  });

  it('names a gateway that cannot be reached, and the steps that were proven before', async () => {
    const { failure, proven } = await diagnoseSettings({
      ...credential,
      gatewayHost: 'localhost:1',
    });
    expect(failure).toMatchObject({ code: 'host-unreachable' });
    expect(failure!.message).toMatch(
      /^"localhost:1" \("API Gateway Host" in the credential\) cannot be reached/,
    );
    expect(proven.at(-1)).toContain('refused nothing but a made-up code');
  });

  it('sends no token request to the gateway if it does not refresh tokens there', async () => {
    await bank.clearRequests();
    const { failure, proven } = await diagnoseSettings({
      ...credential,
      refreshAt: 'identityServer',
    });
    expect(failure).toBeUndefined();
    expect(proven.join()).not.toContain('which refreshes tokens');
    const asked = (await bank.requests()).filter(({ form }) => form?.grant_type);
    expect(asked.map(({ path }) => path)).toEqual(['/oauth2/token']);
  });

  it('sends no token to the account API, and fails if nothing is there', async () => {
    await bank.clearRequests();
    await diagnoseSettings(credential);
    const data = (await bank.requests()).filter(({ path }) => path.includes('/aisp/'));
    expect(data.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /open-banking/v3.1/aisp/accounts',
    ]);
    expect(data[0]!.headers).not.toHaveProperty('authorization');
    const changes = { refreshAt: 'identityServer', gatewayHost: 'localhost:1' } as const;
    expect((await diagnoseSettings({ ...credential, ...changes })).failure).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining('"API Gateway Host" in the credential') as string,
    });
  });

  it('reports that the two hosts are swapped', async () => {
    const { host, gatewayHost } = credential;
    const { failure } = await diagnoseSettings({
      ...credential,
      host: gatewayHost,
      gatewayHost: host,
    });
    expect(failure).toMatchObject({
      code: 'wrong-server',
      message: expect.stringMatching(/^"Host" answers as an API gateway, .* swapped\?$/),
    });
    expect(failure!.text).not.toMatch(/[.?]\s*\./);
  });

  it('reports that "API Gateway Host" is the identity server', async () => {
    const { failure } = await diagnoseSettings({ ...credential, gatewayHost: credential.host });
    expect(failure).toMatchObject({
      code: 'wrong-server',
      message: expect.stringContaining('"API Gateway Host" does not answer as an API gateway'),
    });
  });

  it.each(['not registered', 'http://app.example/redirect', 'https://app.example/#'])(
    'rejects the redirect URI "%s" before it sends a request',
    async (redirectUri) => {
      await bank.clearRequests();
      const { failure, proven } = await diagnoseSettings({ ...credential, redirectUri });
      expect(failure).toMatchObject({
        stage: 'configuration',
        message: expect.stringContaining('"Redirect URI"'),
      });
      expect(proven).toEqual(['The certificate and its private key belong together.']);
      expect(await bank.requests()).toEqual([]);
    },
  );

  it('accepts an empty redirect URI', async () => {
    expect((await diagnoseSettings({ ...credential, redirectUri: '' })).failure).toBeUndefined();
  });

  it('names an exchange of keys that comes after the end of the certificate before it connects', async () => {
    await bank.clearRequests();
    const { failure } = await diagnoseSettings({
      ...credential,
      exchangeKeys: true,
      nextKeysFrom: '2099-01-01',
      nextTransportCertificate: credential.transportCertificate,
    });
    expect(failure).toMatchObject({
      code: 'field-malformed',
      message: expect.stringMatching(
        /^"Next Keys From" \(2099-01-01T00:00:00\.000Z\) is later than the end of "Transport Certificate"/,
      ),
    });
    expect(await bank.requests()).toEqual([]);
  });

  it('names the key ID that was sent if the bank does not know the key', async () => {
    const changes = { keyIdSource: 'given', keyId: 'key-1' } as const;
    const { failure } = await diagnoseSettings({ ...credential, ...changes });
    expect(failure).toMatchObject({ code: 'client-credentials-invalid' });
    expect(failure!.description).toMatch(
      /Sent: client ID "[\w-]+", key ID "key-1", algorithm PS256, audience "https:\/\/localhost:\d+\/oauth2\/token", to "https:\/\/localhost:\d+\/oauth2\/token"\. Candidates for the key ID: x5t [\w-]{27}, x5t#S256 [\w-]{43}, SHA-256 of the public key [\w-]{43}, RFC 7638 [\w-]{43}, or none\.$/,
    );
  });

  it('sends no key ID if the credential says so, and says it if the bank refuses the assertion', async () => {
    const noKeyId = { ...credential, keyIdSource: 'none' } as const;
    expect((await diagnoseSettings(noKeyId)).failure).toBeUndefined();
    const audience = { audience: 'custom', audienceValue: 'https://other.example' } as const;
    const { failure } = await diagnoseSettings({ ...noKeyId, ...audience });
    expect(failure!.description).toMatch(/Sent: client ID "[\w-]+", no key ID, algorithm PS256,/);
  });

  it('names the audience that was sent if the bank rejects it', async () => {
    const changes = { audience: 'custom', audienceValue: 'https://other.example' } as const;
    const { failure } = await diagnoseSettings({ ...credential, ...changes });
    expect(failure).toMatchObject({ code: 'assertion-audience' });
    expect(failure!.description).toMatch(
      /Sent: .*, audience "https:\/\/other\.example", to "https:/,
    );
  });
});

describe('diagnoseSettings with a certificate that the bank refuses', () => {
  const tested = async (issue: () => Promise<TestCertificate>, version = '-tls1_3') => {
    const server = await startOpensslServer(version);
    closeAfterTest(() => server.close());
    const { certificate, privateKey } = await issue();
    const custom = await customCredential(server.url);
    return diagnoseSettings({
      ...custom,
      transportCertificate: certificate,
      transportPrivateKey: privateKey,
    });
  };

  it.each<[string, () => Promise<TestCertificate>, RegExp]>([
    [
      'a certificate for servers',
      () => clientCertificate({ key: 'rsa', extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }),
      /^"Transport Certificate" is not made for TLS clients/,
    ],
    [
      'a certificate without its intermediate',
      async () =>
        (await (await certificateAuthority()).intermediate('Unsent CA')).issue({ key: 'rsa' }),
      /^"Transport Certificate" ends before the issuer "Unsent CA"/,
    ],
  ])(
    'names the reason first, then other advice, if the bank refuses %s',
    async (_, issue, reason) => {
      const { failure, proven, notices } = await tested(issue);
      expect(failure).toMatchObject({ code: 'client-certificate-refused' });
      expect(notices).toEqual([]);
      expect(failure!.description).toMatch(reason);
      expect(failure!.description).toContain('Use the transport certificate that was registered');
      expect(proven).toEqual(['The certificate and its private key belong together.']);
    },
  );
});
