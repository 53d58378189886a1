import {
  codeErrors,
  descriptionErrors,
  gatewayErrors,
  statusErrors,
} from '../../core/errors/rows/bankErrors';
import { catalogue } from '../../core/errors/catalogue';
import type { Entry } from '../../core/errors/entry';
import { serverWords, wordsByServer } from '../../core/errors/words/serverWords';
import { createClient, type BankClient } from '../../core/oauth/client';
import { pemOf, privateKeyOf } from '../support/keys/certificates';
import { customCredential, sandboxCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { json, raw, type Answer } from '../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import { provokeEach, type Provocations } from './provocation';

let server: TlsServer;
let answer: Answer;
let client: BankClient;
beforeAll(async () => {
  server = await startTlsServer({
    handle: (request, response) => answer(response, request, new URLSearchParams(request.body)),
  });
  client = await createClient(await customCredential(server.url));
});
afterAll(() => server?.close());

let count = 0;

/** The failure of a refresh at a bank that answers like this. */
function failure(given: Answer) {
  answer = given;
  return failureOf(client.refresh({ refreshToken: `rt-7f3a-${++count}` }));
}

describe.each(Object.entries(wordsByServer))('the words of %s', (_, rows) => {
  it.each(rows.map((row) => [row.code, row.phrase, row] as const))(
    '%s: "%s"',
    async (code, phrase, { error = 'invalid_request', source }) => {
      const description = `Refused. ${phrase.replaceAll('*', 'x-1')}.`;
      const refusal = await failure(json(400, { error, error_description: description }));
      expect(refusal).toMatchObject({
        code,
        stage: 'authorization-server',
        outcome: 'refused',
        status: 400,
      });
      expect(refusal.message).toBe(`The bank answered "${error}": ${description}`);
      expect(refusal.description).toContain(catalogue[code].advice);
      expect(source).not.toBe('');
    },
  );
});

it('each code of words has words', () => {
  const codes = new Set<string>(serverWords.map(({ code }) => code));
  expect(Object.keys(descriptionErrors).filter((code) => !codes.has(code))).toEqual([]);
});

describe('codes in "error"', () => {
  const oauth = (error: string) => () => failure(json(400, { error, error_description: 'No.' }));
  const provocations: Provocations<typeof codeErrors> = {
    'invalid-client': {
      invalid_client: oauth('invalid_client'),
      'status 401 with an empty body': () => failure(raw(401, '')),
      'status 401 with unknown words': () =>
        failure(json(401, { error: 'invalid_request', error_description: 'No.' })),
    },
    'invalid-grant': oauth('invalid_grant'),
    'invalid-scope': oauth('invalid_scope'),
    'unauthorized-client': {
      unauthorized_client: oauth('unauthorized_client'),
      unsupported_grant_type: oauth('unsupported_grant_type'),
    },
    'access-denied': oauth('access_denied'),
    'bank-refused': {
      invalid_request: oauth('invalid_request'),
      'an unknown code': oauth('invalid_target'),
    },
  };
  provokeEach<typeof codeErrors>(provocations);
});

describe('codes of the API gateway', () => {
  const inner = (code: string) => ({ code, message: 'Message', description: 'Description' });
  const formats = (code: string) => [
    inner(code),
    { errors: [inner(code)] },
    { fault: { ...inner(code), code: Number(code) } },
  ];
  const rows = Object.entries<Entry>({ ...gatewayErrors, ...codeErrors });
  const cases = rows.flatMap(([name, entry]) =>
    (entry.gatewayCodes ?? (name === 'gateway-refused' ? ['900800'] : [])).flatMap((code) =>
      formats(code).map((body) => [name, JSON.stringify(body), entry] as const),
    ),
  );
  it.each(cases)('%s: %s', async (code, body, { advice }) => {
    const error = await failure(raw(401, body));
    expect(error).toMatchObject({ code, stage: 'authorization-server', outcome: 'refused' });
    expect(error.message).toMatch(
      /^The bank's gateway answered 900\d\d\d – Message – Description$/,
    );
    expect(error.description).toContain(advice);
  });
});

const GATEWAY_404 = JSON.stringify({
  fault: { code: 404, message: 'Not Found.', description: 'The requested resource is unknown.' },
});

/** The failures of an exchange at "Host" and of a refresh at "API Gateway Host", if a server answers like this at both. */
async function atHosts(given: Answer) {
  answer = given;
  const { host } = new URL(server.url);
  const wso2 = { bank: 'wso2', host, gatewayHost: host, refreshAt: 'apiGateway' } as const;
  const at = await createClient({ ...(await customCredential(server.url)), ...wso2, issuer: '' });
  return {
    exchange: await failureOf(at.exchange({ code: `code-${++count}` })),
    refresh: await failureOf(at.refresh({ refreshToken: `refresh-token-${++count}` })),
  };
}

describe('the code wrong-server', () => {
  const gateway = (status: number, code: string) =>
    json(status, { code, message: 'Message', description: 'Description' });

  it.each<[string, Answer]>([
    ['an unknown path', raw(404, GATEWAY_404)],
    ['900906', gateway(404, '900906')],
    ['a missing token', gateway(401, '900902')],
  ])('has a message that "Host" is an API gateway if it answers: %s', async (_, given) => {
    const { exchange } = await atHosts(given);
    expect(exchange).toMatchObject({
      code: 'wrong-server',
      outcome: 'refused',
      message:
        '"Host" answers as an API gateway, not as an identity server: are "Host" and "API Gateway Host" swapped?',
      description: expect.stringMatching(/^The bank's gateway answered [^.]+\. Compare both/),
    });
  });

  it('has a message that the API gateway has no token endpoint', async () => {
    expect((await atHosts(raw(404, GATEWAY_404))).refresh).toMatchObject({
      code: 'wrong-server',
      message: '"API Gateway Host" has no token endpoint',
      description:
        "The bank's gateway answered 404 – Not Found – The requested resource is unknown. " +
        'Gateways from WSO2 API Manager 4.0 on have none: set "Refresh At" in the credential to "Identity Server".',
    });
  });

  it.each<[string, Answer]>([
    ['a web page', raw(404, '<title>Not Found</title>', 'text/html')],
    ['an empty body', raw(404, '')],
  ])('says that "API Gateway Host" is no gateway if it answers 404 with %s', async (_, given) => {
    expect((await atHosts(given)).refresh).toMatchObject({
      code: 'wrong-server',
      message: expect.stringContaining('"API Gateway Host" does not answer as an API gateway'),
    });
  });

  it.each<[string, Answer, string]>([
    ['blocked', gateway(403, '900907'), 'gateway-not-subscribed'],
    ['a code that is not known', gateway(403, '900800'), 'gateway-refused'],
  ])('is not the code if a gateway refuses: %s', async (_, given, code) => {
    const { exchange, refresh } = await atHosts(given);
    expect([exchange.code, refresh.code]).toEqual([code, code]);
  });

  it('is not the code if the bank is not WSO2', async () => {
    expect(await failure(raw(404, GATEWAY_404))).toMatchObject({ code: 'gateway-refused' });
  });
});

describe('the status of the response', () => {
  const provocations: Provocations<typeof statusErrors> = {
    'wrong-server': async () => (await atHosts(raw(404, GATEWAY_404))).exchange,
    'too-many-requests': () => failure(raw(429, '')),
    'server-error': () => failure(raw(503, '<title>Maintenance</title>', 'text/html')),
  };
  provokeEach<typeof statusErrors>(provocations);

  it.each(['server_error', 'temporarily_unavailable'])('server-error: %s', async (error) => {
    expect(await failure(json(400, { error }))).toMatchObject({
      code: 'server-error',
      outcome: 'unknown',
    });
  });
});

describe('refusals of the sandbox with the texts of WSO2', () => {
  let bank: Sandbox;
  let credential: Awaited<ReturnType<typeof sandboxCredential>>;
  beforeAll(async () => {
    bank = await startSandbox();
    credential = await sandboxCredential(bank);
  });
  afterAll(() => bank?.stop());

  const withChanges = (changes = {}) => createClient({ ...credential, ...changes });
  const exchange = async (code: string, changes = {}) =>
    failureOf((await withChanges(changes)).exchange({ code }));
  const refresh = async (refreshToken: string, changes = {}) =>
    failureOf((await withChanges(changes)).refresh({ refreshToken }));
  const spent = async () => {
    const { code } = await bank.authorize();
    const { tokens } = await (await withChanges()).exchange({ code });
    return { code, refreshToken: tokens.refresh_token! };
  };

  it.each<[string, () => Promise<unknown>]>([
    ['code-used', async () => exchange((await spent()).code)],
    ['code-unknown', () => exchange('4dc73435-eee5-3486-ba3b-29b49be04f21')],
    [
      'redirect-uri-mismatch',
      async () =>
        exchange((await bank.authorize()).code, { redirectUri: 'https://other.example/' }),
    ],
    ['refresh-token-unknown', () => refresh('never-issued')],
    [
      'refresh-token-unknown',
      async () => {
        const { refreshToken } = await spent();
        await (await withChanges()).refresh({ refreshToken });
        return refresh(refreshToken);
      },
    ],
    [
      'assertion-audience',
      () => refresh('x', { audience: 'custom', audienceValue: 'https://other.example' }),
    ],
    ['assertion-algorithm', () => refresh('x', { algorithm: 'RS256' })],
    ['client-unknown', () => refresh('x', { clientId: 'nobody' })],
    [
      'client-credentials-invalid',
      () =>
        refresh('x', {
          separateSigningKey: true,
          signingPrivateKey: pemOf(privateKeyOf('rsa')),
          keyIdSource: 'jwk',
        }),
    ],
    [
      'client-authentication-unsupported',
      () => refresh('x', { clientAuthentication: 'tls_client_auth' }),
    ],
  ])('%s', async (code, provoke) => {
    expect(await provoke()).toMatchObject({
      code,
      stage: 'authorization-server',
      outcome: 'refused',
    });
  });
});
