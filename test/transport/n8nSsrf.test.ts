import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SSRF_DEFAULT_BLOCKED_IP_RANGES } from '@n8n/config';
import { diagnoseSettings } from '../../core/oauth/client';
import { DEFAULT_BLOCKED_NETWORKS, ssrfProtection } from '../../core/transport/n8nSsrf';
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
