import { createClient, type BankClient } from '../../../core/oauth/client';
import { verifyIdToken } from '../../../core/oauth/jwt/idToken';
import { KeySet } from '../../../core/oauth/bank/jwks';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { endpointAt } from '../../support/bank/endpoint';
import {
  accessToken,
  bankJwk,
  idToken,
  issuer,
  jwk,
  otherKey,
  redirectIdToken,
} from '../../support/bank/idTokens';
import { json, raw } from '../../support/bank/scriptedBank';
import { HOUR, later, MINUTE } from '../../support/clock';

let server: AnsweringServer;
let client: BankClient;

beforeAll(async () => (server = await startAnsweringServer()));
afterAll(() => server?.close());
beforeEach(async () => {
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  client = await createClient({ ...(await customCredential(server.url)), issuer });
});

const requests = () => server.requests.filter(({ url }) => url.startsWith('/jwks')).length;
const exchanged = async () =>
  verifyIdToken(await idToken(), client, await client.endpoints(), { accessToken });
async function redirected(): Promise<string> {
  const answer = { code: 'c-1', state: 's-1' };
  const parameters = { ...answer, id_token: await redirectIdToken(answer) };
  const redirect = `https://app.example/#${new URLSearchParams(parameters).toString()}`;
  return (await client.readRedirect(redirect)).code;
}

describe('keys that the bank no longer sends', () => {
  beforeEach(async () => {
    await client.ensureKeys();
    server.answers['/jwks'] = raw(503, '');
  });

  it('verify a redirect for an hour', async () => {
    later(55 * MINUTE);
    expect(await redirected()).toBe('c-1');
    later(11 * MINUTE);
    await expect(redirected()).rejects.toMatchObject({
      code: 'jwks-unusable',
      outcome: 'not-sent',
    });
  });

  it('verify received tokens without a limit', async () => {
    later(24 * HOUR);
    await exchanged();
    await client.ensureKeys();
  });

  it('are requested once a minute, and verify redirects again after the bank sends them', async () => {
    later(2 * HOUR);
    const before = requests();
    await expect(redirected()).rejects.toMatchObject({ code: 'jwks-unusable' });
    await expect(redirected()).rejects.toMatchObject({ code: 'jwks-unusable' });
    expect(requests() - before).toBe(1);
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    later(2 * MINUTE);
    expect(await redirected()).toBe('c-1');
    expect(requests() - before).toBe(2);
  });
});

describe('a key ID that the bank does not have', () => {
  it('causes one request within the pause, also if many ask at once, and another one after it', async () => {
    const keySet = new KeySet(client.profile);
    const unknown = () => keySet.keysFor(endpointAt(`${server.url}/jwks`), 'unknown');
    await keySet.keysFor(endpointAt(`${server.url}/jwks`), undefined);
    const before = requests();
    await Promise.all(Array.from({ length: 10 }, unknown));
    await unknown();
    expect(requests() - before).toBe(1);
    later(2 * MINUTE);
    await unknown();
    expect(requests() - before).toBe(2);
  });
});

describe('a key set whose address changes', () => {
  it('has the keys of the new address', async () => {
    const keySet = new KeySet(client.profile);
    const first = await keySet.keysFor(endpointAt(`${server.url}/jwks`), undefined);
    server.answers['/jwks-2'] = json(200, { keys: [await jwk(otherKey, 'other-1')] });
    const second = await keySet.keysFor(endpointAt(`${server.url}/jwks-2`), undefined);
    expect(second.keys.map(({ kid }) => kid)).toEqual(['other-1']);
    expect(first.keys.map(({ kid }) => kid)).toEqual(['bank-1']);
  });

  it('fetches the keys of the same address again if its reach changes', async () => {
    const keySet = new KeySet(client.profile);
    await keySet.ensure(endpointAt(`${server.url}/jwks`));
    const endpoint = { ...endpointAt(`${server.url}/jwks`), reach: 'public' } as const;
    await expect(keySet.ensure(endpoint)).rejects.toMatchObject({ code: 'address-blocked' });
  });

  it('does not use the keys of the former address if the new one does not answer', async () => {
    const keySet = new KeySet(client.profile);
    await keySet.ensure(endpointAt(`${server.url}/jwks`));
    await expect(keySet.ensure(endpointAt(`${server.url}/moved`))).rejects.toMatchObject({
      code: 'jwks-unusable',
    });
  });
});

it('BankClient.ensureKeys fetches the keys again after a failure', async () => {
  server.answers['/jwks'] = raw(503, '');
  await expect(client.ensureKeys()).rejects.toMatchObject({ code: 'jwks-unusable' });
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  await client.ensureKeys();
});
