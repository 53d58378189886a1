import { createClient } from '../../core/oauth/client';
import { assertRedirectUri } from '../../core/profile/redirectUri';
import { closeAfterTest } from '../support/servers/closing';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import { startTlsServer } from '../support/servers/tlsServer';

it.each([
  'https://app.example/redirect',
  'HTTPS://app.example',
  'https://app.example:8443/redirect/?tenant=1&b=%20',
  'http://localhost:5678/webhook/redirect',
  'http://127.0.0.1/redirect',
  'http://[::1]:5678/redirect',
])('accepts the redirect URI %s', (uri) => {
  expect(() => assertRedirectUri(uri)).not.toThrow();
});

it.each([
  ['not registered', 'url-malformed'],
  ['app.example/redirect', 'url-malformed'],
  ['/redirect', 'url-malformed'],
  ['https://', 'url-malformed'],
  ['https:///redirect', 'url-malformed'],
  ['https://app.example/a b', 'url-malformed'],
  ['https://app.example/a\nb', 'url-malformed'],
  ['https:\\\\app.example', 'url-malformed'],
  ['https://app.example/#', 'url-malformed'],
  ['https://app.example/redirect#code', 'url-malformed'],
  ['javascript:alert(1)', 'url-malformed'],
  ['com.example.app:/redirect', 'url-malformed'],
  ['http://app.example/redirect', 'url-malformed'],
  ['http://localhost.example/redirect', 'url-malformed'],
  ['http://localhost@app.example/redirect', 'url-malformed'],
])('rejects the redirect URI "%s" with %s', (uri, code) => {
  expect(() => assertRedirectUri(uri)).toThrow(
    expect.objectContaining({
      code,
      stage: 'configuration',
      message: expect.stringMatching(/^"Redirect URI" /),
      description: expect.stringContaining('the bank has registered'),
    }),
  );
});

it('rejects a wrong redirect URI before anything is sent', async () => {
  const server = await startTlsServer();
  closeAfterTest(() => server.close());
  const credential = { ...(await customCredential(server.url)), redirectUri: 'not registered' };
  const authorizationEndpoint = `${server.url}/authorize`;
  const client = await createClient({ ...credential, authorizationEndpoint });
  const link = { delivery: 'plain', pkce: true, responseType: 'code' } as const;
  for (const refused of [
    failureOf(client.exchange({ code: 'c-1' })),
    failureOf(client.exchange({ code: 'c-1', redirectUri: 'http://app.example' })),
    failureOf(client.authorizationLink(link)),
  ]) {
    expect(await refused).toMatchObject({
      code: expect.stringMatching(/^url-/),
      message: expect.stringContaining('"Redirect URI"'),
      outcome: 'not-sent',
    });
  }
  expect(server.requests).toEqual([]);
});
