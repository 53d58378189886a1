import { everySender, requestedServers, type Mode } from './requestedServers';

const servers = requestedServers();

describe.each<Mode>(['application', 'consent'])('in the mode "%s", which sets a token', (mode) => {
  it("refuses hosts that are not the bank's before a token is asked for", async () => {
    const { port } = servers.foreign;
    for (const url of [
      `${servers.foreign.url}/accounts`,
      `https://localhost:${port}#@localhost:${servers.bank.port}/`,
      `https://LocalHost:${port}/`,
      `https://localhost/`,
      `https://127.0.0.1:${servers.bank.port}/`,
      `https://localhost.evil.example:${servers.bank.port}/`,
      `https://xn--localhst-sdb:${servers.bank.port}/`,
    ]) {
      for (const sender of everySender) {
        await servers.expectRefusal(servers.send(sender, mode, { url }), 'host-not-allowed');
      }
    }
  });

  it('names the host, the hosts of the credential and the field to fill in', async () => {
    const headers = { Authorization: 'Bearer mine' };
    await expect(
      servers.authenticated(mode, { url: servers.foreign.url, headers }),
    ).rejects.toMatchObject({
      message: `The host "localhost:${servers.foreign.port}" is not one of the hosts of this credential: localhost:${servers.bank.port}`,
      description: expect.stringMatching(/add it to "API Hosts".*pagination/) as string,
    });
  });

  it('sends to the hosts in "API Hosts", with a port to this port only', async () => {
    const host = `localhost:${servers.foreign.port}`;
    for (const apiHosts of [
      `api.bank.example, ${host}`,
      `${servers.foreign.url}/open-banking\nhttps://api.bank.example`,
      'LOCALHOST',
    ]) {
      await servers.send('older', mode, { url: `${servers.foreign.url}/accounts` }, { apiHosts });
    }
    expect(servers.foreign.requests).toHaveLength(3);
    expect(servers.foreign.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer at-1' },
      client: 'Test Client',
    });
    const otherPort = { apiHosts: `localhost:${servers.impostor.port}, https://localhost` };
    await expect(
      servers.authenticated(mode, { url: servers.foreign.url }, otherPort),
    ).rejects.toMatchObject({
      context: { code: 'host-not-allowed' },
    });
  });
});
