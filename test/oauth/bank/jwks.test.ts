import { readAuthorizationResponse } from '../../../core/oauth/authorization/authorizationResponse';
import type { Endpoints } from '../../../core/profile/endpoints';
import { verifyIdToken } from '../../../core/oauth/jwt/idToken';
import { bankKeysFor, ensureBankKeys } from '../../../core/oauth/bank/jwks';
import { createProfile, type Profile } from '../../../core/profile/profile';
import { startAnsweringServer, type AnsweringServer } from '../../support/answeringServer';
import { customCredential } from '../../support/credential';
import {
  accessToken,
  bankJwk,
  idToken,
  issuer,
  jwk,
  otherKey,
  redirectIdToken,
} from '../../support/idTokens';
import { endpointAt } from '../../support/endpoint';
import { json, raw } from '../../support/scriptedBank';

const MINUTE = 60_000;
let server: AnsweringServer;
let profile: Profile;
let endpoints: Endpoints;

beforeAll(async () => (server = await startAnsweringServer()));
afterAll(() => server?.close());
beforeEach(async () => {
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  profile = await createProfile({ ...(await customCredential(server.url)), issuer });
  endpoints = (profile.bank as { endpoints: Endpoints }).endpoints;
});
afterEach(() => jest.useRealTimers());

/** Lets time pass, on the clock alone. */
function later(minutes: number): void {
  const now = Date.now() + minutes * MINUTE;
  jest.useFakeTimers({ now, doNotFake: ['setTimeout', 'setImmediate', 'clearTimeout'] });
}

const requests = () => server.requests.filter(({ url }) => url.startsWith('/jwks')).length;
const exchanged = async () => verifyIdToken(await idToken(), profile, endpoints, { accessToken });
async function redirected(): Promise<string> {
  const answer = { code: 'c-1', state: 's-1' };
  const parameters = { ...answer, id_token: await redirectIdToken(answer) };
  const redirect = `https://app.example/#${new URLSearchParams(parameters).toString()}`;
  return (await readAuthorizationResponse(redirect, profile, endpoints)).code;
}

describe('keys that the bank does not hand out any more', () => {
  beforeEach(async () => {
    await ensureBankKeys(profile, endpoints);
    server.answers['/jwks'] = raw(503, '');
  });

  it('vouch for a redirect for an hour', async () => {
    later(55);
    expect(await redirected()).toBe('c-1');
    later(66 - 55);
    await expect(redirected()).rejects.toMatchObject({
      code: 'jwks-unreachable',
      outcome: 'not-sent',
    });
  });

  it('vouch for received tokens without end', async () => {
    later(24 * 60);
    await exchanged();
    await ensureBankKeys(profile, endpoints);
  });

  it('are asked for once a minute, and vouch anew as soon as they are there', async () => {
    later(120);
    const before = requests();
    await expect(redirected()).rejects.toMatchObject({ code: 'jwks-unreachable' });
    await expect(redirected()).rejects.toMatchObject({ code: 'jwks-unreachable' });
    expect(requests() - before).toBe(1);
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    later(2);
    expect(await redirected()).toBe('c-1');
    expect(requests() - before).toBe(2);
  });
});

it('takes the keys of another address for other keys', async () => {
  const here = await bankKeysFor(profile, endpointAt(`${server.url}/jwks`), undefined);
  server.answers['/jwks-2'] = json(200, { keys: [await jwk(otherKey, 'other-1')] });
  const there = await bankKeysFor(profile, endpointAt(`${server.url}/jwks-2`), undefined);
  expect(there.keys.map(({ kid }) => kid)).toEqual(['other-1']);
  expect(here.keys.map(({ kid }) => kid)).toEqual(['bank-1']);
});

it('does not fall back on the keys of another address', async () => {
  await bankKeysFor(profile, endpointAt(`${server.url}/jwks`), undefined);
  const moved = { ...endpoints, jwks: endpointAt(`${server.url}/moved`) };
  await expect(ensureBankKeys(profile, moved)).rejects.toMatchObject({ code: 'jwks-unreachable' });
});

it('remembers no failure', async () => {
  server.answers['/jwks'] = raw(503, '');
  await expect(ensureBankKeys(profile, endpoints)).rejects.toMatchObject({
    code: 'jwks-unreachable',
  });
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  await ensureBankKeys(profile, endpoints);
});
