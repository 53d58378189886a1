import { bankJwk } from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { got } from '../support/n8n/redirects';
import { plain, redirectsOfBank, signedWith, text } from './redirectsOfBank';

const bank = redirectsOfBank();
const { asked, expectAccepted, expectRefused, newClient, receive, receiveRequest } = bank;

describe('an error that is not signed', () => {
  const denied = (state: string) => text({ error: 'access_denied', state });

  it.each<[string, object, (state: string) => string | Promise<string>]>([
    ['hybrid flow', {}, (state) => signedWith(state)],
    ['code flow', plain, (state) => text({ code: 'c-1', state })],
  ])('is reported once, and a code is still accepted (%s)', async (_, changes, genuine) => {
    const state = await asked(changes);
    const { notAuthorized, page } = await receive(denied(state));
    expect(notAuthorized).toMatchObject({ error: 'access_denied', state });
    expect(page.status).toBe(200);
    await expectRefused(denied(state), 'redirect-state-unknown');
    await expectAccepted(await genuine(state));
  });

  it('is not reported after a code was accepted', async () => {
    const state = await asked();
    await expectAccepted(await signedWith(state));
    await expectRefused(denied(state), 'redirect-state-unknown');
  });

  it('is reported once if it comes many times at once', async () => {
    const state = await asked();
    const received = await Promise.all(Array.from({ length: 20 }, () => receive(denied(state))));
    expect(received.filter(({ notAuthorized }) => notAuthorized)).toHaveLength(1);
  });
});

it('an answer is accepted once if it comes many times at once', async () => {
  const state = await asked();
  const answer = await signedWith(state);
  const received = await Promise.all(Array.from({ length: 20 }, () => receive(answer)));
  expect(received.filter(({ authorized }) => authorized)).toHaveLength(1);
});

it('if the keys of the bank cannot be fetched, the customer can load the page again later', async () => {
  const state = await asked();
  const answer = await signedWith(state);
  bank.server.answers['/jwks'] = json(503, {});
  const unavailable = await receive(answer, await newClient());
  expect(unavailable.page.status).toBe(503);
  expect(unavailable.page.body).toContain('reload this page in a minute');
  expect(unavailable.failure).toHaveProperty('code', 'jwks-unusable');
  expect(unavailable.authorized).toBeUndefined();
  bank.server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  expect(await receive(answer, await newClient())).toHaveProperty('authorized');
});

it('no key of the bank is used for an answer whose state is not known', async () => {
  const fresh = await newClient();
  const before = bank.server.requests.length;
  const { failure } = await receive(await signedWith('unknown'), fresh);
  expect(failure).toHaveProperty('code', 'redirect-state-unknown');
  expect(bank.server.requests).toHaveLength(before);
});

it('a "+" in a code that the bank did not encode is itself, and is passed on encoded', async () => {
  const state = await asked(plain);
  const request = got(`code=ab+cd/ef==&state=${state}&scope=a+b`);
  const { authorized, remarks } = await receiveRequest(request);
  const { searchParams } = new URL(authorized!.redirect as string);
  expect(Object.fromEntries(searchParams)).toEqual({ code: 'ab+cd/ef==', state });
  expect(remarks).toEqual([expect.stringContaining('"+" in "code"')]);
});
