import { createHash, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportableWorkflow } from '../../demo/examples';
import { importJourney1, journey1Nodes, journey1Result } from '../../demo/journey1';
import { dataFolder } from '../../demo/n8n/environment';
import { execute, type Execution } from '../../demo/n8n/execution';
import { endAll } from '../../demo/processes';
import type { JournalEntry, SandboxAuthorization } from '../../sandbox/ready';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { isSignedBy, takeApart } from './assertion';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';

const ACCOUNTS = '/open-banking/v3.1/aisp/accounts';

describe('J1 in a real n8n, with tokens refreshed at the API gateway', () => {
  let bank: Sandbox;
  let n8n: TemporaryN8n;
  let workflow: ImportableWorkflow;
  let authorization: SandboxAuthorization;
  let certificate: X509Certificate;
  let run: Execution;
  let journal: JournalEntry[];

  const calls = (path: string): JournalEntry[] => journal.filter((entry) => entry.path === path);
  const only = (path: string): JournalEntry => {
    expect(calls(path)).toHaveLength(1);
    return calls(path)[0] as JournalEntry;
  };
  const item = (node: string): Record<string, unknown> => {
    expect(run.items[node]).toHaveLength(1);
    return run.items[node]?.[0] as Record<string, unknown>;
  };

  beforeAll(async () => {
    // One after the other: if the first one fails, no process is left running.
    n8n = await n8nWithPackage();
    bank = await startSandbox();
    certificate = new X509Certificate(readFileSync(bank.ready.files.clientCertificate));
    const authorize = async () => (authorization = await bank.authorize());
    workflow = await importJourney1(
      n8n,
      { ready: bank.ready, authorize },
      { useCustomSettings: true, refreshAt: 'apiGateway' },
    );
    run = await execute(n8n, workflow.id);
    journal = await bank.requests();
  });

  afterAll(async () => {
    await endAll();
    await bank?.stop();
    await n8n?.remove();
  });

  describe('the output of n8n', () => {
    it('has the token response of the exchange with "authorization"', () => {
      expect(run.failure).toBeUndefined();
      const token = item(journey1Nodes.exchange);
      expect(token).toMatchObject({
        token_type: 'Bearer',
        scope: bank.ready.scope,
        authorization: `Bearer ${String(token['access_token'])}`,
        refresh_token: ANY_TEXT,
        id_token: ANY_TEXT,
      });
      const lifetime =
        Date.parse(String(token['expires_at'])) - Date.parse(String(token['obtained_at']));
      expect(lifetime).toBe(Number(token['expires_in']) * 1000);
    });

    it('has a refreshed token, and the refresh token to use next', () => {
      const [first, second] = [item(journey1Nodes.exchange), item(journey1Nodes.refresh)];
      expect(second['access_token']).not.toBe(first['access_token']);
      expect(second['refresh_token']).not.toBe(first['refresh_token']);
      expect(second['refresh_token_rotated']).toBe(true);
    });

    it('has the customer’s accounts for both tokens', () => {
      const { accounts, refreshed } = journey1Result(run);
      expect(accounts.length).toBeGreaterThan(0);
      expect(refreshed).toBe(true);
    });
  });

  describe('the requests at the bank', () => {
    it('are one exchange, one call of the API, one refresh and one call of the API', () => {
      const paths = journal.map(({ server, method, path }) => `${server} ${method} ${path}`);
      expect(paths.filter((path) => /token$|accounts$/.test(path))).toEqual([
        'identity POST /oauth2/token',
        `gateway GET ${ACCOUNTS}`,
        'gateway POST /token',
        `gateway GET ${ACCOUNTS}`,
      ]);
      expect(journal.filter(({ status }) => (status ?? 0) >= 400)).toEqual([]);
    });

    it('have only the parameters of the seed in the exchange', () => {
      expect(only('/oauth2/token').form).toEqual({
        grant_type: 'authorization_code',
        client_id: bank.ready.clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: ANY_TEXT,
        code: authorization.code,
        scope: bank.ready.scope,
        redirect_uri: bank.ready.redirectUri,
      });
    });

    it('have only the parameters of the seed in the refresh', () => {
      expect(only('/token').form).toEqual({
        grant_type: 'refresh_token',
        client_id: bank.ready.clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: ANY_TEXT,
        refresh_token: item(journey1Nodes.exchange)['refresh_token'],
      });
    });

    it.each(['/oauth2/token', '/token'])('have the headers of a form at %s', (path) => {
      expect(only(path).headers).toMatchObject({
        'content-type': matching(/^application\/x-www-form-urlencoded(;|$)/),
        accept: 'application/json',
        'cache-control': 'no-cache',
      });
    });

    it('all have the client certificate', () => {
      const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
      for (const path of ['/oauth2/token', '/token', ACCOUNTS]) {
        expect(calls(path).map((entry) => entry.certificate?.x5t_s256)).toEqual(
          calls(path).map(() => thumbprint),
        );
      }
    });

    it('have the token of the token node and their own interaction ID if HTTP Request sent them', () => {
      const [first, second] = calls(ACCOUNTS);
      expect(first?.headers['authorization']).toBe(item(journey1Nodes.exchange)['authorization']);
      expect(second?.headers['authorization']).toBe(item(journey1Nodes.refresh)['authorization']);
      const ids = calls(ACCOUNTS).map(({ headers }) => headers['x-fapi-interaction-id']);
      expect(ids).toEqual([matching(UUID), matching(UUID)]);
      expect(new Set(ids).size).toBe(2);
    });
  });

  describe.each(['/oauth2/token', '/token'])('the client assertion at %s', (path) => {
    const assertion = () => takeApart(String(only(path).form['client_assertion']));

    it('is signed with PS256, and its "kid" names the certificate of the key', () => {
      const kid = createHash('sha1').update(certificate.raw).digest('base64url');
      expect(assertion().header).toEqual({ alg: 'PS256', kid, typ: 'JWT' });
      expect(isSignedBy(certificate, assertion())).toBe(true);
    });

    it('names the client and the token endpoint, and is valid for a minute', () => {
      const { claims } = assertion();
      const iat = Number(claims['iat']);
      expect(claims).toEqual({
        iss: bank.ready.clientId,
        sub: bank.ready.clientId,
        aud: `${bank.ready.identityUrl}/oauth2/token`,
        jti: matching(/^[A-Za-z0-9_-]{43,}$/),
        iat,
        nbf: iat,
        exp: iat + 60,
      });
      expect(Math.abs(iat * 1000 - Date.parse(only(path).at))).toBeLessThan(30_000);
    });
  });

  it('gives each client assertion a new "jti"', () => {
    const ids = ['/oauth2/token', '/token'].map(
      (path) => takeApart(String(only(path).form['client_assertion'])).claims['jti'],
    );
    expect(new Set(ids).size).toBe(2);
  });

  describe('secrets', () => {
    const privateKey = (): string =>
      readFileSync(bank.ready.files.clientKey, 'utf8').split('\n')[5] as string;
    const assertions = (): string[] =>
      ['/oauth2/token', '/token'].map((path) => String(only(path).form['client_assertion']));

    it('are not in the output of n8n, except the tokens in the items', () => {
      expect(privateKey()).toHaveLength(64);
      const { stdout, stderr } = run.output;
      for (const secret of [privateKey(), ...assertions(), authorization.code]) {
        expect(`${stdout}${stderr}`.includes(secret)).toBe(false);
      }
      const log = `${stdout.slice(0, stdout.indexOf('\n{\n'))}${stderr}`;
      for (const token of tokensOf(run)) expect(log.includes(token)).toBe(false);
    });

    it('are not in the files of n8n, except the tokens in the items', () => {
      const folder = dataFolder(n8n);
      const stored = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, 'nodes')))
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
      const holds = (secret: string) => stored.some((content) => content.includes(secret));
      // The executions are in this file.
      expect(holds(String(item(journey1Nodes.exchange)['access_token']))).toBe(true);
      for (const secret of [privateKey(), ...assertions()]) expect(holds(secret)).toBe(false);
    });
  });

  it('reports that a code has been used, without a secret', async () => {
    const again = await execute(n8n, workflow.id);
    expect(again.failure?.node).toBe(journey1Nodes.exchange);
    const said = `${again.failure?.message} ${again.failure?.description}`;
    expect(said).toMatch(/code/i);
    for (const secret of [authorization.code, ...tokensOf(run)]) {
      expect(said.includes(secret)).toBe(false);
    }
    const { stdout, stderr } = again.output;
    const refused = (await bank.requests()).filter(({ path }) => path === '/oauth2/token').at(-1);
    expect(refused?.status).toBe(400);
    expect(`${stdout}${stderr}`.includes(String(refused?.form['client_assertion']))).toBe(false);
  });
});

const ANY_TEXT = expect.any(String) as unknown;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

function tokensOf({ items }: Execution): string[] {
  return [journey1Nodes.exchange, journey1Nodes.refresh].flatMap((node) =>
    ['access_token', 'refresh_token', 'id_token'].flatMap((name) => {
      const token = items[node]?.[0]?.[name];
      return typeof token === 'string' ? [token] : [];
    }),
  );
}
