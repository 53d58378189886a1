import { createClient, type BankClient } from '../../../core/oauth/client';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { failureOf } from '../../support/failure';
import { json, type Answer } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let client: BankClient;

/** Repeats every parameter of the request in its refusal. */
const echo: Answer = (response, request, form) => {
  const echoed = [...form.values()].join(' ');
  json(400, { error: 'invalid_request', error_description: `Refused: ${echoed}` })(
    response,
    request,
    form,
  );
};

beforeAll(async () => {
  server = await startAnsweringServer();
  server.answers = { '/token': echo, '/revoke': echo, '/introspect': echo };
  client = await createClient({
    ...(await customCredential(server.url)),
    revocationEndpoint: `${server.url}/revoke`,
    introspectionEndpoint: `${server.url}/introspect`,
  });
});
afterAll(() => server?.close());

describe('a refusal in which the bank repeats the request', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['code', () => client.exchange({ code: 'secret-value' })],
    ['PKCE verifier', () => client.exchange({ code: 'code-1', codeVerifier: 'secret-value' })],
    ['refresh token', () => client.refresh({ refreshToken: 'secret-value' })],
    ['token of a revocation', () => client.revoke({ token: 'secret-value' })],
    ['token of an introspection', () => client.introspect({ token: 'secret-value' })],
  ])('is reported without the %s', async (_name, request) => {
    const { text } = await failureOf(request());
    expect(text).toContain('Refused: ');
    expect(text).toContain('[hidden]');
    expect(text).not.toContain('secret-value');
  });
});
