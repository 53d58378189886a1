import type { BankClient } from '../../core/oauth/client';
import type { Endpoint, Endpoints } from '../../core/profile/endpoints';
import { assertHostOfBank } from '../../credentials/requestAddress';
import { failureOf } from '../support/failure';

const at = (url: string, reach?: Endpoint['reach']): Endpoint => ({ url, source: 'Test', reach });

/** A client of a bank with these endpoints, as far as the check looks at it. */
function clientWith(endpoints: Partial<Endpoints>, apiHosts: string[] = []) {
  const token = at('https://mtls.bank.example/token');
  let asked = 0;
  const all = () => {
    asked++;
    return Promise.resolve({ issuer: 'https://bank.example', token, refresh: token, ...endpoints });
  };
  const client = { profile: { apiHosts }, endpoints: all } as unknown as BankClient;
  return { client, asked: () => asked };
}

const allowed = async (client: BankClient, url: string) =>
  assertHostOfBank(client, new URL(url)).then(
    () => true,
    () => false,
  );

it('allows the endpoints that get tokens or the certificate, each with its port', async () => {
  const { client } = clientWith({
    refresh: at('https://refresh.bank.example:8243/token'),
    pushedAuthorizationRequest: at('https://par.bank.example/par'),
    revocation: at('https://revoke.bank.example/'),
    introspection: at('https://introspect.bank.example/'),
  });
  for (const host of ['mtls', 'par', 'revoke', 'introspect']) {
    expect(await allowed(client, `https://${host}.bank.example/accounts`)).toBe(true);
    expect(await allowed(client, `https://${host}.bank.example:8443/accounts`)).toBe(false);
  }
  expect(await allowed(client, 'https://refresh.bank.example:8243/')).toBe(true);
  expect(await allowed(client, 'https://refresh.bank.example/')).toBe(false);
});

it('does not allow the hosts of the keys, of the login page and of the issuer', async () => {
  const { client } = clientWith({
    authorization: 'https://login.bank.example/authorize',
    jwks: at('https://keys.directory.example/jwks'),
  });
  for (const host of ['login.bank.example', 'keys.directory.example', 'bank.example']) {
    expect(await allowed(client, `https://${host}/`)).toBe(false);
  }
});

it('does not ask for the metadata of the bank if "API Hosts" has the host', async () => {
  const { client, asked } = clientWith({}, ['api.bank.example']);
  expect(await allowed(client, 'https://api.bank.example/accounts')).toBe(true);
  expect(asked()).toBe(0);
});

it('takes no host in a private network from metadata of the Internet', async () => {
  for (const host of ['10.0.0.1', '[::1]', 'localhost', '169.254.169.254']) {
    const url = `https://${host}/revoke`;
    const found = clientWith({ revocation: at(url, 'public') });
    expect(await allowed(found.client, url)).toBe(false);
    const given = clientWith({ revocation: at(url) });
    expect(await allowed(given.client, url)).toBe(true);
  }
});

it('names the host and the hosts of the credential, each once', async () => {
  const { client } = clientWith({ revocation: at('https://mtls.bank.example/revoke') }, [
    'api.bank.example:8243',
  ]);
  const error = await failureOf(assertHostOfBank(client, new URL('https://evil.example/?a=b')));
  expect(error).toMatchObject({
    code: 'host-not-allowed',
    message:
      'The host "evil.example:443" is not one of the hosts of this credential: mtls.bank.example:443, api.bank.example:8243',
    outcome: 'not-sent',
  });
});
