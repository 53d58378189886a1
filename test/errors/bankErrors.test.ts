import {
  codeErrors,
  descriptionErrors,
  gatewayErrors,
  statusErrors,
} from '../../errors/bankErrors';
import type { Entry } from '../../errors/entry';
import { refreshTokens, exchangeCode } from '../../oauth/grants';
import { createProfile, type Profile } from '../../oauth/profile';
import { pemOf, privateKeyOf } from '../support/certificates';
import { customCredential, sandboxCredential } from '../support/credential';
import { failureOf } from '../support/failure';
import { startSandbox, type Sandbox } from '../support/sandbox';
import { json, raw, type Answer } from '../support/scriptedBank';
import { startTlsServer, type TlsServer } from '../support/tlsServer';
import { provokeEach, type Provocations } from './provocation';

let server: TlsServer;
let answer: Answer;
let profile: Profile;
beforeAll(async () => {
  server = await startTlsServer({
    handle: (request, response) => answer(response, request, new URLSearchParams(request.body)),
  });
  profile = await createProfile(await customCredential(server.url));
});
afterAll(() => server?.close());

let count = 0;

/** What a refresh fails with at a bank that answers in this way. */
function failure(given: Answer) {
  answer = given;
  return failureOf(refreshTokens(profile, { refreshToken: `refresh-token-${++count}` }));
}

const phrasesOf = ({ recognised }: Entry) =>
  [...recognised.matchAll(/`([^`]+)`/g)].map(([, phrase]) => phrase!.replace(/<\w+>/g, 'x-1'));

describe('what a bank says in "error_description"', () => {
  const cases = Object.entries<Entry>(descriptionErrors).flatMap(([code, entry]) =>
    phrasesOf(entry).map((phrase) => [code, phrase, entry] as const),
  );
  it.each(cases)('%s: "%s"', async (code, phrase, { advice }) => {
    const description = `Refused. ${phrase}.`;
    const error = await failure(
      json(400, { error: 'invalid_request', error_description: description }),
    );
    expect(error).toMatchObject({
      code,
      stage: 'authorization-server',
      outcome: 'refused',
      status: 400,
    });
    expect(error.message).toBe(`The bank answered "invalid_request": ${description}`);
    expect(error.description).toBe(advice);
  });
});

describe('what a bank says in "error"', () => {
  const oauth = (error: string) => () => failure(json(400, { error, error_description: 'No.' }));
  const provocations: Provocations<typeof codeErrors> = {
    'invalid-client': oauth('invalid_client'),
    'invalid-grant': oauth('invalid_grant'),
    'invalid-request': oauth('invalid_request'),
    'invalid-scope': oauth('invalid_scope'),
    'unauthorized-client': oauth('unauthorized_client'),
    'unsupported-grant-type': oauth('unsupported_grant_type'),
    'access-denied': oauth('access_denied'),
    'bank-refused': oauth('invalid_target'),
  };
  provokeEach<typeof codeErrors>(provocations);

  it('bank-refused: JSON that names no error', async () => {
    expect(await failure(json(400, { problem: 1 }))).toMatchObject({ code: 'bank-refused' });
  });
});

describe("what a bank's gateway answers", () => {
  const inner = (code: string) => ({ code, message: 'Message', description: 'Description' });
  const formats = (code: string) => [
    inner(code),
    { errors: [inner(code)] },
    { fault: { ...inner(code), code: Number(code) } },
  ];
  const codesOf = (entry: Entry) => phrasesOf(entry).filter((phrase) => /^\d+$/.test(phrase));
  const cases = Object.entries<Entry>(gatewayErrors).flatMap(([name, entry]) =>
    (codesOf(entry).length ? codesOf(entry) : ['900800']).flatMap((code) =>
      formats(code).map((body) => [name, JSON.stringify(body), entry] as const),
    ),
  );
  it.each(cases)('%s: %s', async (code, body, { advice }) => {
    const error = await failure(raw(401, body));
    expect(error).toMatchObject({ code, stage: 'authorization-server', outcome: 'refused' });
    expect(error.message).toMatch(
      /^The bank's gateway answered 900\d\d\d – Message – Description$/,
    );
    expect(error.description).toBe(advice);
  });
});

describe('what the status says', () => {
  const provocations: Provocations<typeof statusErrors> = {
    'client-refused-silently': () => failure(raw(401, '')),
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

describe("the sandbox, in WSO2's words", () => {
  let bank: Sandbox;
  let credential: Awaited<ReturnType<typeof sandboxCredential>>;
  beforeAll(async () => {
    bank = await startSandbox();
    credential = await sandboxCredential(bank);
  });
  afterAll(() => bank?.stop());

  const withChanges = (changes = {}) => createProfile({ ...credential, ...changes });
  const exchange = async (code: string, changes = {}) =>
    failureOf(exchangeCode(await withChanges(changes), { code }));
  const refresh = async (refreshToken: string, changes = {}) =>
    failureOf(refreshTokens(await withChanges(changes), { refreshToken }));
  const spent = async () => {
    const { code } = await bank.authorize();
    const { tokens } = await exchangeCode(await withChanges(), { code });
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
        await refreshTokens(await withChanges(), { refreshToken });
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
