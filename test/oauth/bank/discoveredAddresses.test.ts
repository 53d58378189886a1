import dns, { type LookupAddress } from 'node:dns';
import { createClient, type BankClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { destroyAgents } from '../../../core/transport/agents';
import { customCredential } from '../../support/bank/credential';
import { failureOf } from '../../support/failure';
import { serverCertificate } from '../../support/keys/certificates';
import { startProxy, type Proxy } from '../../support/servers/proxy';
import { closeAfterTest, tlsServer } from '../../support/servers/closing';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

const VARIABLES = ['HTTPS_PROXY', 'NO_PROXY', 'no_proxy'];
const saved = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));

/** A server on the Internet: a proxy resolves its name, so its address is not known here. */
let proxy: Proxy;
let bank: TlsServer;
/** The answers of the bank by path. */
let answers: Record<string, object>;

beforeEach(async () => {
  proxy = await startProxy();
  delete process.env.no_proxy;
  process.env.HTTPS_PROXY = proxy.address;
  // Names that this machine resolves.
  process.env.NO_PROXY = 'inside.bank.example,moving.bank.example,localhost,127.0.0.1';
  bank = await startTlsServer({
    certificate: await serverCertificate({ name: '*.bank.example' }),
    handle: ({ url }, response) =>
      void response
        .setHeader('Content-Type', 'application/json')
        .writeHead(answers[url] ? 200 : 404)
        .end(JSON.stringify(answers[url] ?? {})),
  });
  closeAfterTest(() => bank.close());
});
afterEach(async () => {
  await destroyAgents();
  jest.restoreAllMocks();
  for (const name of VARIABLES) {
    if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
  }
});

/** Lets this machine resolve names to these addresses, one after the other. */
function resolving(addresses: Record<string, string[]>): void {
  const real = dns.lookup;
  const fake = (
    name: string,
    options: dns.LookupAllOptions,
    done: (...given: unknown[]) => void,
  ) => {
    const next = addresses[name];
    if (!next) return void real(name, options, done);
    const address = next.length > 1 ? next.shift()! : next[0]!;
    const found: LookupAddress[] = [{ address, family: 4 }];
    process.nextTick(() => done(null, found));
  };
  jest.spyOn(dns, 'lookup').mockImplementation(fake as never);
}

const GOOD = {
  token_endpoint: '/token',
  jwks_uri: '/jwks',
  revocation_endpoint: '/revoke',
  introspection_endpoint: '/introspect',
  pushed_authorization_request_endpoint: '/par',
  authorization_endpoint: '/authorize',
};

/** A client of an issuer whose metadata has these members. */
async function clientOf(changes: object, host = 'www.bank.example'): Promise<BankClient> {
  const issuer = `https://${host}:${bank.port}`;
  const paths = Object.entries(GOOD).map(([member, path]) => [member, `${issuer}${path}`] as const);
  answers = {
    '/.well-known/openid-configuration': { issuer, ...Object.fromEntries(paths), ...changes },
    '/token': { access_token: 'at-1', token_type: 'Bearer' },
    '/jwks': { keys: [] },
    '/revoke': {},
    '/introspect': { active: true },
    '/par': { request_uri: 'urn:x:1', expires_in: 60 },
  };
  const custom = await customCredential(issuer);
  const settings: BankSettings = { ...custom, bank: 'discovery' };
  return createClient(settings);
}

const link = { pkce: false, responseType: 'code' } as const;
const operations: Record<keyof typeof GOOD, (client: BankClient) => Promise<unknown>> = {
  token_endpoint: (client) => client.refresh({ refreshToken: 'rt-1' }),
  jwks_uri: (client) => client.ensureKeys(),
  revocation_endpoint: (client) => client.revoke({ token: 't' }),
  introspection_endpoint: (client) => client.introspect({ token: 't' }),
  pushed_authorization_request_endpoint: (client) =>
    client.authorizationLink({ ...link, delivery: 'pushed' }),
  authorization_endpoint: (client) => client.authorizationLink({ ...link, delivery: 'plain' }),
};
const members = Object.keys(GOOD) as (keyof typeof GOOD)[];

const internalHosts = [
  'localhost',
  'LOCALHOST.',
  'a.localhost',
  'intranet',
  'metadata.google.internal',
  '127.0.0.1',
  '0x7f.1',
  '2130706433',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[fe80::1]',
  '[fd00:ec2::254]',
];

describe('metadata of an issuer on the Internet', () => {
  it.each(internalHosts)('sends nothing to %s', async (host) => {
    const inside = await tlsServer();
    const address = `https://${host}:${inside.port}/x`;
    const asked = members.filter((member) => member !== 'authorization_endpoint');
    const client = await clientOf(Object.fromEntries(asked.map((member) => [member, address])));
    for (const member of asked) {
      expect(await failureOf(operations[member](client))).toMatchObject({
        code: 'address-blocked',
        message: expect.stringContaining(`("${member}" in the metadata of the bank)`),
        outcome: 'not-sent',
      });
    }
    expect(inside.connections.opened).toBe(0);
    expect(proxy.seen.map(({ target }) => target)).toEqual([`www.bank.example:${bank.port}`]);
  });

  it('sends no customer into a private network', async () => {
    for (const host of internalHosts) {
      const client = await clientOf({ authorization_endpoint: `https://${host}/x` });
      expect(await failureOf(operations.authorization_endpoint(client))).toMatchObject({
        code: 'discovery-failed',
        message: expect.stringContaining('in a private network where the issuer is not'),
      });
    }
  });

  it('sends nothing to a private network through an alias for mutual TLS', async () => {
    const inside = await tlsServer();
    const client = await clientOf({ mtls_endpoint_aliases: { revocation_endpoint: inside.url } });
    expect((await failureOf(client.revoke({ token: 't' }))).code).toBe('address-blocked');
    expect(inside.connections.opened).toBe(0);
  });

  it.each(members.filter((member) => member !== 'authorization_endpoint'))(
    'sends nothing to a name as "%s" that resolves to a private address',
    async (member) => {
      const inside = await tlsServer();
      resolving({ 'inside.bank.example': ['127.0.0.1'] });
      const client = await clientOf({ [member]: `https://inside.bank.example:${inside.port}/x` });
      expect(await failureOf(operations[member](client))).toMatchObject({
        code: 'address-blocked',
        outcome: 'not-sent',
        message: expect.stringContaining('is in a private network (127.0.0.1)') as string,
      });
      expect(inside.connections.opened).toBe(0);
    },
  );

  it('sends nothing after its own name has moved into a private network', async () => {
    const client = await clientOf({}, 'www.bank.example');
    await client.revoke({ token: 't' });
    await destroyAgents();
    process.env.NO_PROXY = 'www.bank.example';
    resolving({ 'www.bank.example': ['127.0.0.1'] });
    const before = bank.connections.opened;
    expect((await failureOf(client.revoke({ token: 't' }))).code).toBe('address-blocked');
    expect(bank.connections.opened).toBe(before);
  });

  it('fails only what needs the address', async () => {
    const client = await clientOf({ revocation_endpoint: 'https://10.0.0.1/revoke' });
    for (const member of members.filter((one) => one !== 'revocation_endpoint')) {
      await operations[member](client);
    }
  });
});

describe('metadata of an issuer in a private network', () => {
  it('may name addresses there', async () => {
    resolving({ 'inside.bank.example': ['127.0.0.1'] });
    const client = await clientOf({}, 'inside.bank.example');
    for (const member of members) await operations[member](client);
    expect(proxy.seen).toEqual([]);
  });

  it('is not taken from an issuer that moves to the Internet while it is asked', async () => {
    resolving({ 'moving.bank.example': ['127.0.0.1', '8.8.8.8'] });
    const client = await clientOf({}, 'moving.bank.example');
    expect(await failureOf(client.endpoints())).toMatchObject({
      code: 'address-blocked',
      outcome: 'not-sent',
      message: expect.stringContaining('(8.8.8.8)') as string,
    });
    expect(bank.connections.opened).toBe(0);
  });
});

it('addresses of the credential may be in a private network', async () => {
  const { url } = await tlsServer();
  const client = await createClient({ ...(await customCredential(url)), revocationEndpoint: url });
  await client.revoke({ token: 't' });
});
