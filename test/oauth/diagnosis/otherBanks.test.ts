import { createClient } from '../../../core/oauth/client';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import { closeAfterTest } from '../../support/servers/closing';
import { startTlsServer } from '../../support/servers/tlsServer';
import { diagnosedBank, refusal } from './diagnosedBank';

const bank = diagnosedBank();
const tokens = { access_token: 'at-1', token_type: 'Bearer' };

describe('diagnoseSettings at another bank', () => {
  it.each([
    ['invalid_grant', undefined],
    ['invalid_grant', 'Invalid authorization code received from token request'],
    ['invalid_grant', 'Callback url mismatch'],
  ])('accepts the refusal of an invented code as a proof: %s, %s', async (error, description) => {
    bank.answers = {
      client_credentials: refusal('unauthorized_client'),
      authorization_code: refusal(error, description),
    };
    const { failure, proven } = await bank.diagnose();
    expect(failure).toBeUndefined();
    expect(proven).toContain(
      'The bank knows the client and its key: it refused nothing but a made-up code.',
    );
    const codes = bank.server.requests.map(({ body }) => new URLSearchParams(body).get('code'));
    expect(codes.filter(Boolean)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
  });

  it('requests an application token if the refusal of a code is inconclusive', async () => {
    bank.answers = {
      authorization_code: refusal('unauthorized_client'),
      client_credentials: json(200, tokens),
    };
    const { failure, proven } = await bank.diagnose();
    expect(failure).toBeUndefined();
    expect(proven.at(-1)).toContain('it granted an application token');
  });

  it.each<[string, object]>([
    ['another token type', { token_type: 'BearerToken' }],
    ['no token type', { token_type: null }],
    ['null members', { refresh_token: null, scope: null, expires_in: null, error: null }],
    ['an unknown lifetime', { expires_in: 'soon' }],
    ['an ID token that nobody signed', { id_token: 'nonsense' }],
    ['a name of this package', { authorization: 'Bearer of-the-bank' }],
  ])('succeeds, as the operation does, if the application token has %s', async (_, change) => {
    bank.answers = {
      authorization_code: refusal('unauthorized_client'),
      client_credentials: json(200, { ...tokens, ...change }),
    };
    expect((await bank.diagnose()).failure).toBeUndefined();
    const { tokens: received, failedCheck } = await (
      await createClient(bank.settings)
    ).applicationToken();
    expect(failedCheck).toBeUndefined();
    expect(received).toMatchObject({ authorization: 'Bearer at-1' });
    expect(received).not.toHaveProperty('id_token');
  });

  it('fails, as the operation does, if the application token is no text', async () => {
    bank.answers = {
      authorization_code: refusal('unauthorized_client'),
      client_credentials: json(200, { access_token: 1, refresh_token: 'rt-1' }),
    };
    const { failure } = await bank.diagnose();
    const { failedCheck } = await (await createClient(bank.settings)).applicationToken();
    expect(failedCheck).toMatchObject({ code: 'response-invalid' });
    expect(failure).toMatchObject({ code: 'response-invalid', message: failedCheck!.message });
  });

  it.each<[string, Answer]>([
    ['JSON that is no OAuth response', json(400, { problem: 1 })],
    ['a web page', raw(403, '<title>Forbidden</title>', 'text/html')],
  ])('requests an application token if an invented code is refused with %s', async (_, answer) => {
    bank.answers = { authorization_code: answer, client_credentials: json(200, tokens) };
    expect((await bank.diagnose()).failure).toBeUndefined();
  });

  it('does not accept tokens for an invented code as a proof', async () => {
    bank.answers = {
      authorization_code: json(200, tokens),
      client_credentials: refusal('invalid_client'),
    };
    expect((await bank.diagnose()).failure).toMatchObject({ code: 'invalid-client' });
  });

  it('names the registered subject DN if the bank refuses a client that only the certificate authenticates', async () => {
    bank.answers = { authorization_code: refusal('invalid_client') };
    const { failure } = await bank.diagnose({ clientAuthentication: 'tls_client_auth' });
    expect(failure!.description).toContain('tls_client_auth_subject_dn');
    expect(failure!.description).not.toContain('Key ID');
  });

  it.each<[string, Answer]>([
    ['closes the connection', (response) => response.destroy()],
    ['does not answer', () => undefined],
  ])('succeeds if a gateway to which it sends no request %s', async (_, gateway) => {
    bank.answers = { authorization_code: refusal('invalid_grant') };
    const other = await startTlsServer({
      handle: (request, response) => gateway(response, request, new URLSearchParams()),
    });
    closeAfterTest(() => other.close());
    const { failure, proven } = await bank.diagnose({
      refreshEndpoint: `${other.url}/token`,
      requestTimeout: 0.3,
    });
    expect(failure).toBeUndefined();
    expect(proven.join()).not.toContain('which refreshes tokens');
  });

  it('does not accept the refusal of a client as a proof', async () => {
    bank.answers = {
      client_credentials: refusal('unauthorized_client'),
      authorization_code: refusal('invalid_client'),
    };
    expect((await bank.diagnose()).failure).toMatchObject({ code: 'invalid-client' });
  });

  it('reports an answer that does not prove whether the bank accepts the client', async () => {
    bank.answers = { client_credentials: raw(403, ''), authorization_code: raw(403, '') };
    const { failure } = await bank.diagnose();
    expect(failure).toMatchObject({ code: 'response-empty' });
    expect(failure!.description).toMatch(/^This answer does not show whether the bank accepted/);
  });
});
