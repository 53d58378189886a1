import 'reflect-metadata';
import dns, { type LookupAddress } from 'node:dns';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { SsrfProtectionService } from '@n8n/backend-network';
import { SSRF_DEFAULT_BLOCKED_IP_RANGES } from '@n8n/config';
import { diagnoseSettings } from '../../core/oauth/client';
import { DEFAULT_BLOCKED_NETWORKS, ssrfProtection } from '../../core/transport/n8nSsrf';
import { assertReachable, reachingLookup } from '../../core/transport/reach';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import { tlsServer } from '../support/servers/closing';
import { startProxy } from '../support/servers/proxy';
import { post } from './attempt';

const VARIABLES = [
  'N8N_SSRF_PROTECTION_ENABLED',
  'N8N_SSRF_BLOCKED_IP_RANGES',
  'N8N_SSRF_ALLOWED_IP_RANGES',
  'N8N_SSRF_BLOCKED_HOSTNAMES',
  'N8N_SSRF_ALLOWED_HOSTNAMES',
  'HTTPS_PROXY',
  'NO_PROXY',
  'no_proxy',
];
const saved = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));

function set(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

beforeEach(() => set({ N8N_SSRF_PROTECTION_ENABLED: 'true' }));
afterEach(() => set(saved));

it('has the default list of the n8n that is installed', () => {
  expect(DEFAULT_BLOCKED_NETWORKS).toEqual(SSRF_DEFAULT_BLOCKED_IP_RANGES);
});

describe("with n8n's SSRF protection", () => {
  it.each<[string, Record<string, string>, string]>([
    ['a name that resolves to a blocked address', {}, 'localhost'],
    ['a blocked address', {}, '127.0.0.1'],
    ['a blocked address in another form', {}, '[::ffff:127.0.0.1]'],
    ['a blocked name', { N8N_SSRF_BLOCKED_HOSTNAMES: '*.example, LOCALHOST.' }, 'localhost'],
    [
      'an address of an own list',
      { N8N_SSRF_BLOCKED_IP_RANGES: '"127.0.0.0/8,::1/128"' },
      'localhost',
    ],
    [
      'an address of the default list',
      { N8N_SSRF_BLOCKED_IP_RANGES: '9.0.0.0/8,Default' },
      '127.0.0.1',
    ],
    ['an allowed name by its address', { N8N_SSRF_ALLOWED_HOSTNAMES: '127.0.0.1' }, '127.0.0.1'],
  ])('%s is not asked', async (_, variables, host) => {
    set(variables);
    const { port, connections } = await tlsServer();
    expect(await failureOf(post(`https://${host}:${port}`))).toMatchObject({
      code: 'address-blocked',
      outcome: 'not-sent',
      message: expect.stringContaining('that the SSRF protection of n8n forbids'),
      description: expect.stringContaining('N8N_SSRF_ALLOWED_HOSTNAMES') as string,
    });
    expect(connections.opened).toBe(0);
  });

  it.each<[string, Record<string, string>]>([
    ['an allowed name', { N8N_SSRF_ALLOWED_HOSTNAMES: 'bank.example,localhost' }],
    ['an allowed address', { N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.0/8,::1/128' }],
    ['an address of no list', { N8N_SSRF_BLOCKED_IP_RANGES: '10.0.0.0/8' }],
    ['an address, if it is off', { N8N_SSRF_PROTECTION_ENABLED: 'false' }],
  ])('%s is asked', async (_, variables) => {
    set(variables);
    const { port } = await tlsServer();
    expect((await post(`https://localhost:${port}`)).status).toBe(200);
  });

  it('a blocked name is not asked through a proxy, which resolves the others', async () => {
    const { address, seen } = await startProxy();
    set({ HTTPS_PROXY: address, NO_PROXY: undefined, no_proxy: undefined });
    set({ N8N_SSRF_BLOCKED_HOSTNAMES: 'bank.example' });
    const { port } = await tlsServer();
    const failure = await failureOf(post(`https://bank.example:${port}`));
    expect(failure.code).toBe('address-blocked');
    expect((await post(`https://localhost:${port}`)).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it('the test of a credential asks nobody', async () => {
    const { url, connections } = await tlsServer();
    const { failure } = await diagnoseSettings(await customCredential(url));
    expect(failure?.code).toBe('address-blocked');
    expect(connections.opened).toBe(0);
  });
});

describe('n8n itself decides the same', () => {
  const lists: Record<string, string>[] = [
    {},
    { N8N_SSRF_BLOCKED_IP_RANGES: 'default,8.8.0.0/16', N8N_SSRF_ALLOWED_IP_RANGES: '10.1.0.0/16' },
    {
      N8N_SSRF_BLOCKED_IP_RANGES: '::/0,x,1.2.3.4',
      N8N_SSRF_ALLOWED_HOSTNAMES: '*.inside.example, Bank.Example.',
      N8N_SSRF_BLOCKED_HOSTNAMES: 'www.inside.example,out.example,*.bad.example',
    },
  ];
  const hosts: [host: string, addresses: string[]][] = [
    ['bank.example', ['10.0.0.1']],
    ['bank.example', ['8.8.4.4', '10.1.2.3']],
    ['a.inside.example', ['127.0.0.1']],
    ['www.inside.example', ['127.0.0.1']],
    ['inside.example', ['9.9.9.9', '::1']],
    ['out.example', ['9.9.9.9']],
    ['a.bad.example', ['9.9.9.9']],
    ['127.0.0.1', []],
    ['[::ffff:10.1.0.1]', []],
    ['[::ffff:10.2.0.1]', []],
    ['[2a00::1]', []],
    ['9.9.9.9', []],
  ];

  it.each(lists)('with %j', async (variables) => {
    set(variables);
    for (const [host, addresses] of hosts) {
      const answers = addresses.map((address) => ({ address, family: isIP(address) }));
      const service = ssrfService(variables, answers);
      const { hostname } = new URL(`https://${host}`);
      const { ok } = await service.validateUrl(`https://${host}/`);
      expect([host, addresses, await isReachable(hostname, answers)]).toEqual([
        host,
        addresses,
        ok,
      ]);
    }
  });

  /** n8n's service with these variables, and with these answers of the DNS. */
  function ssrfService(variables: Record<string, string>, answers: LookupAddress[]) {
    const list = (name: string) => variables[name]?.split(',') ?? [];
    const blocked = list('N8N_SSRF_BLOCKED_IP_RANGES').flatMap((range) =>
      range === 'default' ? SSRF_DEFAULT_BLOCKED_IP_RANGES : range,
    );
    const logger = { scoped: () => ({ warn: () => undefined }) };
    const config = {
      blockedIpRanges: blocked.length > 0 ? blocked : [...SSRF_DEFAULT_BLOCKED_IP_RANGES],
      allowedIpRanges: list('N8N_SSRF_ALLOWED_IP_RANGES'),
      allowedHostnames: list('N8N_SSRF_ALLOWED_HOSTNAMES'),
      blockedHostnames: list('N8N_SSRF_BLOCKED_HOSTNAMES'),
    };
    const resolver = { lookup: () => Promise.resolve(answers) };
    return new SsrfProtectionService(config as never, resolver as never, logger as never);
  }

  /** Whether this package would connect. */
  async function isReachable(hostname: string, answers: LookupAddress[]): Promise<boolean> {
    try {
      assertReachable(hostname, undefined, 'x');
    } catch {
      return false;
    }
    if (answers.length === 0) return true;
    const fake = (_: string, __: object, done: (...given: unknown[]) => void) =>
      done(null, answers);
    const spy = jest.spyOn(dns, 'lookup').mockImplementation(fake as never);
    const connects = await new Promise<boolean>((done) =>
      reachingLookup(undefined)(hostname, { all: true }, (error) => done(error === null)),
    );
    spy.mockRestore();
    return connects;
  }
});

it('ssrfProtection reads variables from files, as n8n does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ssrf-'));
  const file = join(folder, 'enabled');
  await writeFile(file, 'true\n');
  try {
    const protection = ssrfProtection({ N8N_SSRF_PROTECTION_ENABLED_FILE: file });
    expect(protection?.allows('127.0.0.1')).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  ['*.bank.example', 'a.bank.example', 'any'],
  ['*.bank.example', 'bank.example', 'allowed'],
  ['*.bank.example', 'evilbank.example', 'allowed'],
  ['Bank.Example.', 'bank.example', 'any'],
] as const)('ssrfProtection compares the pattern %s with %s', (pattern, name, expected) => {
  const protection = ssrfProtection({
    N8N_SSRF_PROTECTION_ENABLED: '1',
    N8N_SSRF_ALLOWED_HOSTNAMES: pattern,
  })!;
  expect(protection.ofName(name)).toBe(expected);
});
