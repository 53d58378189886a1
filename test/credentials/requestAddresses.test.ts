import { certificateAuthority } from '../support/keys/certificates';
import { closeAfterTest, tlsServer } from '../support/servers/closing';
import { startInterceptor } from '../support/servers/interceptor';
import { everyMode, everySender, requestedServers } from './requestedServers';

const servers = requestedServers();

describe.each(everyMode)('in the mode "%s"', (mode) => {
  it.each(everySender)('sends token and certificate to the bank (%s helper)', async (sender) => {
    await servers.send(sender, mode, { url: `${servers.bank.url}/accounts?page=%7B1%7D&next=a b` });
    expect(servers.calls()).toMatchObject([
      {
        url: '/accounts?page=%7B1%7D&next=a%20b',
        headers: { authorization: 'Bearer at-1' },
        client: 'Test Client',
      },
    ]);
  });

  it('reads addresses as the sender does', async () => {
    const { port } = servers.bank;
    for (const url of [
      ` \thttps://localhost:${port}/accounts\n`,
      `ht\ntps://local\thost:${port}/accounts`,
      `HTTPS://LOCALHOST:${port}/accounts`,
      `https:\\\\localhost:${port}\\accounts`,
    ]) {
      await servers.send('older', mode, { url });
    }
    const options = { baseURL: `${servers.bank.url}/v1/`, url: '/accounts' };
    await servers.send('newer', mode, options);
    await servers.send('older', mode, options);
    expect(servers.calls().map(({ url }) => url)).toEqual([
      ...Array<string>(4).fill('/accounts'),
      ...['/v1/accounts', '/v1/accounts'],
    ]);
  });

  it('refuses addresses without TLS, however they are written', async () => {
    const host = servers.plainHost();
    for (const url of [
      `http://${host}/`,
      `HTTP://${host}/`,
      ` http://${host}/`,
      `\thttp://${host}/`,
      `\u0000http://${host}/`,
      `ht\ntp://${host}/`,
      `h\tttp:/${host}/`,
      `http:\\\\${host}/`,
      `ftp://${host}/`,
    ]) {
      for (const sender of everySender) {
        await servers.expectRefusal(
          servers.send(sender, mode, { url }),
          'url-malformed',
          'not with "https:"',
        );
      }
    }
    const options = { baseURL: `http://${host}/`, url: '/accounts' };
    await servers.expectRefusal(
      servers.send('newer', mode, options),
      'url-malformed',
      'begins with "http:"',
    );
  });

  it('refuses addresses that are incomplete or contain a user name', async () => {
    const host = `localhost:${servers.bank.port}`;
    for (const url of ['', '/accounts', 'bank.example', `//${host}/`, 'https://', 'https://a b/']) {
      await servers.expectRefusal(
        servers.send('older', mode, { url }),
        'url-malformed',
        'no complete address',
      );
    }
    for (const url of [`https://user:password@${host}/`, `https://bank.example@${host}/`]) {
      await servers.expectRefusal(
        servers.send('older', mode, { url }),
        'url-malformed',
        'a user name',
      );
    }
    const options = { baseURL: servers.bank.url, url: `//${servers.foreign.url.slice(8)}/` };
    await servers.expectRefusal(servers.send('newer', mode, options), 'url-malformed');
  });

  it('refuses a node that switches the verification of the server off', async () => {
    const url = `${servers.bank.url}/accounts`;
    for (const options of [
      { rejectUnauthorized: false },
      { skipSslCertificateValidation: true },
      { agentOptions: { rejectUnauthorized: false } },
    ]) {
      await servers.expectRefusal(
        servers.send('older', mode, {
          url,
          proxy: servers.toImpostor.address as never,
          ...options,
        }),
        'option-refused',
        'ignores SSL issues',
      );
    }
  });

  it('refuses certificate authorities of the node', async () => {
    const { certificate: ca } = await certificateAuthority('Other CA');
    const options = { url: `${servers.bank.url}/accounts`, agentOptions: { ca } };
    await servers.expectRefusal(
      servers.send('older', mode, options),
      'option-refused',
      'authorities',
    );
    await servers.expectRefusal(
      servers.send('newer', mode, options),
      'option-refused',
      'authorities',
    );
  });

  it.each(everySender)(
    'sends through a proxy of the node, but not to a server that it does not trust (%s helper)',
    async (sender) => {
      const url = `${servers.bank.url}/accounts`;
      await servers.send(sender, mode, { url, proxy: servers.toBank.address as never });
      expect(servers.calls()).toMatchObject([{ client: 'Test Client' }]);
      const before = servers.toImpostor.tunnels;
      const agentOptions = { checkServerIdentity: () => undefined };
      await expect(
        servers.send(sender, mode, {
          url,
          agentOptions,
          proxy: servers.toImpostor.address as never,
        }),
      ).rejects.toThrow();
      expect(servers.toImpostor.tunnels).toBe(before + 1);
      expect(servers.impostor.requests).toEqual([]);
    },
  );

  it.each(everySender)('follows no redirect (%s helper)', async (sender) => {
    for (const path of ['/elsewhere', '/down', '/here']) {
      const follow = { maxRedirects: 5, sendCredentialsOnCrossOriginRedirect: true };
      await expect(
        servers.send(sender, mode, { url: `${servers.bank.url}${path}`, ...follow }),
      ).rejects.toThrow('307');
    }
    expect(servers.foreign.requests).toEqual([]);
    expect(servers.plain.requests).toBe(0);
    expect(servers.calls().map(({ url }) => url)).toEqual(['/elsewhere', '/down', '/here']);
  });
});

it('compares the certificate with the host in the address, behind a proxy and with a "Host" header, too', async () => {
  // The certificate is good for "localhost" and for no IP address.
  const certificate = await (
    await certificateAuthority()
  ).issue({ usage: 'server', name: 'localhost' });
  const named = await tlsServer({ clientCertificate: 'optional', certificate });
  const toNamed = await startInterceptor(named.port);
  closeAfterTest(() => toNamed.close());
  const tokenEndpoint = `https://127.0.0.1:${named.port}/token`;
  const given = { tokenEndpoint };
  const options = { url: `https://127.0.0.1:${named.port}/accounts` };
  const headers = { Host: 'localhost' };
  for (const sender of everySender) {
    for (const more of [{ headers }, { proxy: toNamed.address as never }]) {
      await expect(
        servers.send(sender, 'certificate', { ...options, ...more }, given),
      ).rejects.toMatchObject({
        message: expect.stringMatching(/IP|SSL/i) as string,
      });
    }
  }
  expect(named.requests).toEqual([]);
});
