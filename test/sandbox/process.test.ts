import { spawn, fork } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sandboxWithThirdParty } from './sandboxWithThirdParty';

const ROOT = resolve(__dirname, '../..');
const MAIN = join(ROOT, 'sandbox/main.ts');

const at = sandboxWithThirdParty();

describe('the files of the sandbox', () => {
  const read = (path: string): string => readFileSync(path, 'utf8');

  it('contain chains of leaf and intermediate that end at the authority', () => {
    const { certificateAuthority, clientCertificate } = at.bank.ready.files;
    const [leaf, intermediate] = read(clientCertificate)
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem));
    const root = new X509Certificate(read(certificateAuthority));
    expect(leaf!.verify(intermediate!.publicKey)).toBe(true);
    expect(intermediate!.verify(root.publicKey)).toBe(true);
    expect(leaf!.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(leaf!.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it('contain keys that only their owner can read', () => {
    const { files } = at.bank.ready;
    const keys = [
      files.clientKey,
      files.encryptedClientKey,
      files.otherClientKey,
      files.untrustedClientKey,
      files.nextClientKey,
      files.selfSignedKey,
      files.clientEncryptionKey,
    ];
    const modes = new Set(keys.map((path) => statSync(path).mode & 0o777));
    expect([...modes]).toEqual([0o600]);
  });

  it('also contain the client key with the passphrase "sandbox"', () => {
    const { clientKey, encryptedClientKey } = at.bank.ready.files;
    const text = read(encryptedClientKey);
    expect(text).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    const decrypted = createPrivateKey({ key: text, passphrase: 'sandbox' });
    expect(createPublicKey(decrypted).equals(createPublicKey(read(clientKey)))).toBe(true);
  });
});

describe('the journal', () => {
  it('shows the requests of clients, and not those of the sandbox itself', async () => {
    await at.bank.authorize();
    await at.bank.clearRequests();
    expect(await at.bank.requests()).toEqual([]);
    await at.thirdParty.token({ grant_type: 'client_credentials', scope: 'accounts' });
    await at.thirdParty.refresh('unknown');
    await at.bank.authorize();
    const [application, refresh, ...others] = await at.bank.requests();
    expect(others).toEqual([]);
    expect(application).toMatchObject({
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      server: 'identity',
      method: 'POST',
      path: '/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'client_credentials',
        client_assertion: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      },
      certificate: {
        subject: expect.stringContaining('CN=Ledger Sync') as string,
        x5t_s256: at.thirdParty.x5t('client', 'sha256'),
        pem: expect.stringContaining('BEGIN CERTIFICATE') as string,
      },
      tls: { protocol: 'TLSv1.3', connection: expect.any(Number) as number },
      status: 200,
      error: null,
    });
    expect(refresh).toMatchObject({
      server: 'gateway',
      path: '/token',
      status: 400,
      error: {
        error: 'invalid_grant',
        error_description: 'Persisted access token data not found',
      },
    });
  });

  it('shows gateway errors, and requests without a certificate', async () => {
    await at.bank.clearRequests();
    await at.thirdParty.api('/accounts');
    await at.thirdParty.call(`${at.bank.ready.identityUrl}/oauth2/jwks`, { certificate: 'none' });
    const [accounts, jwks] = await at.bank.requests();
    expect(accounts).toMatchObject({ status: 401, error: { error: '900902' } });
    expect(jwks).toMatchObject({ path: '/oauth2/jwks', certificate: null, status: 200 });
  });
});

describe('many refreshes', () => {
  it('use one connection', async () => {
    const tokens = await at.thirdParty.exchange((await at.bank.authorize()).code);
    const { refresh_token } = (await at.thirdParty.refresh(tokens.body.refresh_token)).body;
    const before = await at.bank.connections();
    let latest: string = refresh_token;
    for (let count = 0; count < 100; count += 1) {
      const { status, body } = await at.thirdParty.refresh(latest);
      if (status !== 200) throw new Error(`Refresh ${count} answered ${status}`);
      latest = body.refresh_token;
    }
    const after = await at.bank.connections();
    expect(after.gateway - before.gateway).toBe(0);
    expect(latest).not.toBe(refresh_token);
  }, 60_000);
});

describe('the process of the sandbox', () => {
  const directory = mkdtempSync(join(tmpdir(), 'open-banking-sandbox-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const run = (...options: string[]) =>
    new Promise<{ code: number | null; stderr: string }>((done) => {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', MAIN, '--directory', directory, ...options],
        { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('exit', (code) => done({ code, stderr }));
    });

  it.each([
    ['--identity-port', () => new URL(at.bank.ready.identityUrl).port],
    ['--gateway-port', () => new URL(at.bank.ready.gatewayUrl).port],
  ])('ends with one sentence if the port of %s is in use', async (option, port) => {
    const free = option === '--identity-port' ? '--gateway-port' : '--identity-port';
    const { code, stderr } = await run(option, port(), free, '0');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`cannot use port ${port()}`);
    expect(stderr).toContain(option);
  });

  it('ends with one sentence if an option is invalid', async () => {
    expect(await run('--identity-port', 'many')).toEqual({
      code: 1,
      stderr: '--identity-port must be a whole number from 0 to 65535, not "many".\n',
    });
  });

  it.each([
    ['--page-size', '9-5', '--page-size must be a whole number from 9 to 1000, not "5".'],
    ['--delay', '20ms', '--delay must be a whole number from 0 to 10000, not "20ms".'],
    [
      '--regime',
      'brasil',
      '--regime must be one of wso2, fapi1, fapi2, uk, brazil, australia, saudiArabia, saudiArabiaFapi2, unlike "brasil".',
    ],
  ])('ends with one sentence if %s is %s', async (option, value, sentence) => {
    expect(await run(option, value)).toEqual({ code: 1, stderr: `${sentence}\n` });
  });

  it.each(['http://example.com/', 'https://example.com/#part', 'redirect'])(
    'ends with one sentence where %s is to be a redirect URI',
    async (address) => {
      const { code, stderr } = await run(`--redirect-uri=${address}`);
      expect(code).toBe(1);
      expect(stderr).toBe(
        `--redirect-uri must begin with https://, or http://localhost, and have no fragment, unlike "${address}".\n`,
      );
    },
  );

  it.each(['SIGINT', 'disconnect'] as const)('ends on %s', async (reason) => {
    const options = ['--identity-port', '0', '--gateway-port', '0', '--directory', directory];
    const child = fork(MAIN, options, {
      cwd: ROOT,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise((done) => child.once('message', done));
    const exited = new Promise((done) => child.once('exit', done));
    if (reason === 'disconnect') child.disconnect();
    else child.kill(reason);
    expect(await exited).toBe(0);
  });
});
