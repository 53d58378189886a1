import { failureOf } from '../support/failure';
import { tlsServer, closeAfterTest } from '../support/servers/closing';
import {
  certificateAuthority,
  clientCertificate,
  clientIdentity,
  pemOf,
  privateKeyOf,
  serverCertificate,
} from '../support/keys/certificates';
import { startOpensslServer } from '../support/servers/opensslServer';
import type { TlsServerOptions } from '../support/servers/tlsServer';
import { failedPost, post, postWithoutVerification } from './attempt';

const notSent = { outcome: 'not-sent' };

describe('the certificate of the server', () => {
  const cases: [string, string, () => Promise<TlsServerOptions['certificate']>][] = [
    [
      'of an unknown authority',
      'server-certificate-unknown-authority',
      async () => (await certificateAuthority('Other CA')).issue({ usage: 'server' }),
    ],
    ['that expired', 'server-certificate-expired', () => serverCertificate({ until: -1 })],
    ['not valid yet', 'server-certificate-expired', () => serverCertificate({ from: 1 })],
    [
      'for another name',
      'server-certificate-hostname',
      () => serverCertificate({ name: 'bank.example' }),
    ],
    [
      'that is one for clients',
      'server-certificate-unknown-authority',
      () => serverCertificate({ usage: 'client' }),
    ],
  ];
  test.each(cases)('%s is rejected before anything is sent', async (_name, code, make) => {
    const { url, requests } = await tlsServer({ certificate: await make() });
    expect(await failedPost(url)).toMatchObject({ code, stage: 'tls', ...notSent });
    expect(requests).toHaveLength(0);
  });

  test('of an unknown authority is rejected even if NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    const certificate = await (await certificateAuthority('Other CA')).issue({ usage: 'server' });
    const { url, requests } = await tlsServer({ certificate });
    expect(await postWithoutVerification(url, await clientIdentity())).toBe(
      'server-certificate-unknown-authority',
    );
    expect(requests).toHaveLength(0);
  });

  test.each([
    [
      'well-known ones',
      { certificateAuthorities: undefined },
      /paste that authority's certificate/,
    ],
    ['own ones', {}, /replaces the well-known.*switch "Also Trust Well-Known Authorities" on/],
    ['own and well-known ones', { trustsWellKnown: true }, /^It is neither a well-known/],
  ])('of an authority that is not among the %s is named', async (_, changes, advice) => {
    const certificate = await (await certificateAuthority('Other CA')).issue({ usage: 'server' });
    const { url } = await tlsServer({ certificate });
    const failure = await failureOf(
      post(url, { identity: await clientIdentity(undefined, changes) }),
    );
    expect(failure).toMatchObject({ code: 'server-certificate-unknown-authority', ...notSent });
    expect(failure.message).toContain('of the authority "Other CA", which is not trusted here');
    expect(failure.description).toMatch(advice);
  });

  test('with an intermediate certificate leads to the authority above it', async () => {
    const root = await certificateAuthority('Other CA');
    const intermediate = await root.intermediate('Other Issuing CA');
    const leaf = await intermediate.issue({ usage: 'server' });
    const certificate = {
      ...leaf,
      certificate: `${leaf.certificate}\n${intermediate.certificate}`,
    };
    const { url } = await tlsServer({ certificate });
    expect((await failureOf(post(url))).message).toContain('"Other CA"');
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a client certificate over %s', (version) => {
  const versions = { minVersion: version, maxVersion: version };
  const opensslVersion = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';

  test('is presented to the server', async () => {
    const { url, requests } = await tlsServer(versions);
    expect((await post(url)).status).toBe(200);
    expect(requests).toMatchObject([{ client: 'Test Client' }]);
  });

  test.each(['rsa', 'ec', 'ed25519'] as const)('with a key of kind %s is accepted', async (key) => {
    const { url, requests } = await tlsServer(versions);
    const identity = await clientIdentity(await clientCertificate({ key }));
    expect((await post(url, { identity })).status).toBe(200);
    expect(requests).toMatchObject([{ client: 'Test Client' }]);
  });

  test('with an encrypted key is presented, and no error shows key or passphrase', async () => {
    const passphrase = 'correct horse battery staple';
    const good = await clientCertificate();
    const encrypted = { ...good, privateKey: pemOf(privateKeyOf('ec'), passphrase) };
    const identity = await clientIdentity(encrypted, { passphrase });
    let answers = true;
    const { url } = await tlsServer({
      ...versions,
      handle: (_request, response) => (answers ? response.end() : response.destroy()),
    });
    expect((await post(url, { identity })).status).toBe(200);
    answers = false;
    expect(await failedPost(url, { identity })).toMatchObject({ outcome: 'unknown' });
  });

  // OpenSSL sends the alerts that most servers send.
  const refusals: [string, string, string, () => ReturnType<typeof clientCertificate>][] = [
    [
      'of another authority',
      'client-certificate-refused',
      'certificate authority is unknown there',
      async () => (await certificateAuthority('Other CA')).issue(),
    ],
    [
      'that expired',
      'client-certificate-refused',
      'expired',
      () => clientCertificate({ until: -1 }),
    ],
    [
      'that is not valid yet',
      'client-certificate-refused',
      'not acceptable',
      () => clientCertificate({ from: 1 }),
    ],
    [
      'that is one for servers',
      'client-certificate-refused',
      'kind is not accepted',
      () => serverCertificate(),
    ],
  ];
  test.each(refusals)(
    '%s is refused by the server, and the request counts as not sent',
    async (_name, code, what, make) => {
      const server = await startOpensslServer(opensslVersion);
      closeAfterTest(() => server.close());
      const identity = await clientIdentity(await make());
      expect(await failedPost(server.url, { identity })).toMatchObject({
        code,
        stage: 'tls',
        ...notSent,
        message: expect.stringContaining(what) as string,
      });
    },
  );

  test('of a kind that the server cannot verify fails the handshake', async () => {
    const onlyRsa = ['-client_sigalgs', 'RSA-PSS+SHA256'];
    const server = await startOpensslServer(opensslVersion, ...onlyRsa);
    closeAfterTest(() => server.close());
    const identity = await clientIdentity(await clientCertificate({ key: 'ec' }));
    expect(await failedPost(server.url, { identity })).toMatchObject({ stage: 'tls', ...notSent });
  });

  // A server of Node.js sends no alert, so the client only sees that the connection ended.
  test('that is refused without an alert yields connection-lost', async () => {
    const { url, requests } = await tlsServer(versions);
    const other = await (await certificateAuthority('Other CA')).issue();
    const identity = await clientIdentity(other);
    expect(await failedPost(url, { identity })).toMatchObject({
      code: 'connection-lost',
      stage: 'request',
    });
    expect(requests).toHaveLength(0);
  });
});
