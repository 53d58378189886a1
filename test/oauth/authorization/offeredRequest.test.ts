import type { AuthorizationLinkOptions } from '../../../core/oauth/authorization/authorizationLink';
import { createClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { json } from '../../support/bank/scriptedBank';
import { failureOf } from '../../support/failure';

let server: AnsweringServer;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  settings = {
    ...(await customCredential(server.url)),
    ...{ bank: 'discovery', scope: 'openid accounts' },
  };
});
afterAll(() => server?.close());

/** Makes a link at a bank with this metadata. */
async function link(
  metadata: object,
  options: Partial<AuthorizationLinkOptions> = {},
  changes: BankSettings = {},
) {
  const { url } = server;
  server.answers['/.well-known/openid-configuration'] = json(200, {
    issuer: url,
    token_endpoint: `${url}/token`,
    authorization_endpoint: `${url}/authorize`,
    pushed_authorization_request_endpoint: `${url}/par`,
    ...metadata,
  });
  const client = await createClient({ ...settings, ...changes });
  return client.authorizationLink({
    ...{ delivery: 'plain', responseType: 'code id_token', pkce: true },
    ...options,
  });
}

const METADATA = {
  response_modes_supported: ['query', 'fragment'],
  acr_values_supported: ['urn:bank:sca'],
  tls_client_certificate_bound_access_tokens: true,
};

it('a link that the metadata of the bank offers has no remark', async () => {
  const { remarks } = await link(METADATA, { acr: { essential: true, values: ['urn:bank:sca'] } });
  expect(remarks).toEqual([]);
});

it('a link has remarks about what the metadata of the bank does not offer, before a customer consents', async () => {
  const { remarks, url } = await link(
    {
      ...METADATA,
      ...{ dpop_signing_alg_values_supported: ['ES256'] },
      tls_client_certificate_bound_access_tokens: false,
    },
    { acr: { essential: false, values: ['urn:other'] }, responseMode: 'jwt' },
  );
  expect(url).toContain('/authorize?');
  expect(remarks).toEqual([
    'The metadata of the bank does not offer jwt for "response_mode"; it offers: query, fragment.',
    'The metadata of the bank does not offer urn:other for the log-in of the customer ("acr"); it offers: urn:bank:sca.',
    expect.stringMatching(/^This bank may want tokens that are bound by DPoP, which this package/),
  ]);
});

it('the error for a refused pushed request has these remarks, and one about the client authentication that the bank does not offer', async () => {
  server.answers['/par'] = json(401, { error: 'invalid_client' });
  const pushed = link(
    { ...METADATA, token_endpoint_auth_methods_supported: ['private_key_jwt'] },
    { delivery: 'pushed', responseMode: 'jwt' },
    { clientAuthentication: 'client_secret_post', clientSecret: 's3cret-1' },
  );
  const { code, description } = await failureOf(pushed);
  expect(code).toBe('invalid-client');
  expect(description).toContain('does not offer jwt for "response_mode"');
  expect(description).toContain('does not offer client_secret_post for client authentication');
  expect(description.indexOf('copy "Client ID"')).toBeGreaterThan(0);
});
