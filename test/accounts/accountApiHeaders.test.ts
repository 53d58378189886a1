import { GivenAccess } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { readPage } from '../../core/accounts/page';
import { ConsentApi } from '../../core/accounts/consents/consentApi';
import { Remarks } from '../../core/lib/remarks';
import { createClient, diagnoseSettings } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { everythingOf, failureOf } from '../support/failure';
import { tlsServer } from '../support/servers/closing';
import { BASE, json, TOKEN, type Answer } from './answeringBank';

/** As keys of gateways are. */
const KEY = 'k-5f1e9c0d77aa41b2-of-the-gateway';
/** Data may have it by chance. */
const BRAND = 'Household';

/** A bank that gives an answer at its account API, and tokens at its token endpoint. */
async function bankWith(answer: Answer) {
  const server = await tlsServer({
    handle: (request, response) => {
      const token = { access_token: 'at-1', token_type: 'Bearer', expires_in: 300 };
      if (request.url === '/token') json(200, token)(response, request);
      else answer(response, request);
    },
  });
  const settings: BankSettings = {
    ...(await customCredential(server.url)),
    accountApiUrl: `${server.url}${BASE}`,
    accountApiHeaders: `X-Api-Key: ${KEY}\nx-brand: ${BRAND}\nuser-agent: bank-client/1`,
    extraHeaders: 'x-other: of-the-authorization-server',
  };
  const client = await createClient(settings);
  const api = new AccountApi(client.profile, new GivenAccess(TOKEN), {
    financialId: 'bank-1',
    maximumWait: 0,
  });
  return { server, settings, client, api };
}

const listed = { path: '/accounts', member: 'Account' } as const;
const PAGE = json(200, { Data: { Account: [{ Nickname: 'Household' }] } });

it('requests for data have the headers of the credential, beside those of this package', async () => {
  const { api, server } = await bankWith(PAGE);
  await api.get('/accounts');
  const [{ headers }] = server.requests as [(typeof server.requests)[0]];
  expect(headers).toMatchObject({
    ...{ 'x-api-key': KEY, 'x-brand': BRAND, 'user-agent': 'bank-client/1' },
    ...{ authorization: `Bearer ${TOKEN}`, 'x-fapi-financial-id': 'bank-1' },
    'x-fapi-interaction-id': expect.stringMatching(/^[\da-f-]{36}$/) as string,
  });
  expect(headers).not.toHaveProperty('x-other');
});

it('requests for consents have them, and requests for tokens do not', async () => {
  const { client, server } = await bankWith(json(404, {}));
  await failureOf(new ConsentApi(client, { maximumWait: 0 }).get('c-1'));
  const byUrl = Object.fromEntries(server.requests.map(({ url, headers }) => [url, headers]));
  expect(byUrl[`${BASE}/account-access-consents/c-1`]).toMatchObject({
    ...{ 'x-api-key': KEY, 'user-agent': 'bank-client/1' },
  });
  expect(byUrl['/token']).toHaveProperty('x-other');
  expect(byUrl['/token']).not.toHaveProperty('x-api-key');
});

it('the Test button sends them to the account API alone', async () => {
  const { settings, server } = await bankWith(PAGE);
  await diagnoseSettings(settings);
  const sent = server.requests.filter(({ headers }) => headers['x-api-key'] === KEY);
  expect(sent.map(({ url }) => url)).toEqual([`${BASE}/accounts`]);
});

const repeats: Answer = (response, request) =>
  json(400, {
    Code: '400',
    Message: `Key ${String(request.headers['x-api-key'])} of ${String(request.headers['x-brand'])}`,
  })(response, request);

it('a refusal that repeats a value is shown without it', async () => {
  const { api, client } = await bankWith(repeats);
  const consents = new ConsentApi(client, { maximumWait: 0 });
  for (const asked of [api.get('/accounts'), consents.get('c-1')]) {
    const failure = await failureOf(asked);
    expect(failure.message).toContain('Key [hidden] of [hidden]');
    expect(everythingOf(failure)).not.toMatch(new RegExp(`${KEY}|${BRAND}`));
  }
});

it('data that repeats a key has it hidden, and keeps a short value that may be data', async () => {
  const { api } = await bankWith((response, request) =>
    json(200, {
      Data: { Account: [{ Nickname: 'Household', Debug: request.headers['x-api-key'] }] },
    })(response, request),
  );
  const remarks = new Remarks();
  const { rows } = readPage(await api.get('/accounts'), listed, remarks);
  expect(rows).toEqual([{ Nickname: 'Household', Debug: '[hidden]' }]);
  expect(remarks.texts).toEqual([expect.stringContaining('a value of "Account API Headers"')]);
});

it('the error for a page that cannot be read has no short values either', async () => {
  const { api } = await bankWith((response) =>
    response.writeHead(200, { 'Content-Type': 'text/plain' }).end(`no page for ${BRAND}, ${KEY}`),
  );
  const answer = await api.get('/accounts');
  const read = Promise.resolve().then(() => readPage(answer, listed, new Remarks()));
  const failure = await failureOf(read);
  expect(failure.message).toContain('no page for [hidden], [hidden]');
});
