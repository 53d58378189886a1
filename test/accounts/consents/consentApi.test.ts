import { expectNoSecret, failureOf } from '../../support/failure';
import { idOf, json, type Answer } from '../answeringBank';
import {
  APPLICATION_TOKEN,
  consentAnswer,
  consentBank,
  CONSENTS,
  PERMISSIONS,
} from './consentBank';

const CREATED = json(201, consentAnswer());
const requested = { permissions: PERMISSIONS };

const refusal = (status: number, ErrorCode: string, more = {}) =>
  json(status, { Code: `${status}`, Errors: [{ ErrorCode, Message: 'No', ...more }] });

const silent: Answer = (response) => void response.destroy();

const failing = async (work: Promise<unknown>) => {
  const error = await failureOf(work);
  expectNoSecret(error, [APPLICATION_TOKEN]);
  expect(error.message).not.toMatch(/<\w+>|undefined/);
  return error;
};

describe('a consent that is created', () => {
  it('is posted once, with the application’s token and what is requested in the words of the standard', async () => {
    const { api, requests, scopes } = await consentBank([CREATED]);
    const created = await api.create({
      permissions: [...PERMISSIONS, 'ReadBalances'],
      expiresAt: new Date('2026-06-01T10:00:00.123Z'),
      transactionsFrom: new Date('2026-01-01T00:00:00Z'),
      transactionsTo: new Date('2026-12-31T23:59:59Z'),
    });
    expect(created).toMatchObject({
      ...{ consentId: 'c-1', status: 'awaiting', permissions: PERMISSIONS },
      createdAt: '2026-03-01T09:00:00+00:00',
    });
    expect(created).not.toHaveProperty('expiresAt');
    expect(requests).toHaveLength(1);
    const [{ method, url, headers, body, client }] = requests as [(typeof requests)[0]];
    expect({ method, url, client }).toEqual({
      ...{ method: 'POST', url: CONSENTS, client: 'Test Client' },
    });
    expect(headers).toMatchObject({
      authorization: `Bearer ${APPLICATION_TOKEN}`,
      'content-type': 'application/json',
      'x-fapi-interaction-id': expect.stringMatching(/^[\da-f-]{36}$/),
    });
    // The standard has none for consents.
    expect(headers).not.toHaveProperty('x-idempotency-key');
    expect(JSON.parse(body)).toEqual({
      Data: {
        Permissions: PERMISSIONS,
        ExpirationDateTime: '2026-06-01T10:00:00+00:00',
        TransactionFromDateTime: '2026-01-01T00:00:00+00:00',
        TransactionToDateTime: '2026-12-31T23:59:59+00:00',
      },
      Risk: {},
    });
    expect(scopes).toEqual([undefined]);
  });

  it('takes the scope and the headers of the options', async () => {
    const { api, requests, scopes } = await consentBank([CREATED], {
      ...{ scope: 'accounts', financialId: 'f-1' },
    });
    await api.create(requested);
    expect(scopes).toEqual(['accounts']);
    expect(requests[0]!.headers).toMatchObject({ 'x-fapi-financial-id': 'f-1' });
  });

  it.each<[string, Answer]>([
    ['the connection breaks off', silent],
    ['the server has a fault', json(500, { Message: 'Oops' })],
    ['a gateway gets no answer', json(504)],
    ['the server is overloaded', json(503, {}, { 'Retry-After': '1' })],
    ['no answer comes in time', () => undefined],
  ])('is not posted again if %s: the outcome is unknown', async (_, answer) => {
    const { api, requests, pauses } = await consentBank([answer, CREATED]);
    const error = await failing(api.create(requested));
    expect(error).toMatchObject({ code: 'consent-outcome-unknown', outcome: 'unknown' });
    expect(error.message).toMatch(/^It is not known whether the bank created the consent\. [^.]/);
    expect(error.description).toMatch(/Run the node again.*no customer will authorize it/);
    expect(error.description).toContain(idOf(requests[0]!));
    expect([requests.length, pauses]).toEqual([1, []]);
  });

  it('is posted again if the bank wants it later: then nothing was done', async () => {
    const later = json(429, {}, { 'Retry-After': '3' });
    const { api, requests, pauses } = await consentBank([later, CREATED]);
    expect(await api.create(requested)).toMatchObject({ consentId: 'c-1' });
    expect([requests.length, pauses]).toEqual([2, [3000]]);
    expect(new Set(requests.map(idOf)).size).toBe(2);
  });

  it('is posted once more with a new token if the bank refuses the token', async () => {
    const { api, requests } = await consentBank([json(401), CREATED]);
    expect(await api.create(requested)).toMatchObject({ consentId: 'c-1' });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${APPLICATION_TOKEN}`,
      `Bearer ${APPLICATION_TOKEN}-2`,
    ]);
    const refusing = await consentBank([json(401)]);
    const error = await failing(refusing.api.create(requested));
    expect(error).toMatchObject({ code: 'token-not-accepted' });
    expect(error.description).toContain('"Account API URL" and the token endpoint');
    expect(refusing.requests).toHaveLength(2);
  });

  it('may exist if the answer cannot be read', async () => {
    const { api } = await consentBank([json(201, { Data: { Status: 'AWAU' } })]);
    const error = await failing(api.create(requested));
    expect(error).toMatchObject({ code: 'data-missing' });
    expect(error.message).toContain('without "Data.ConsentId"');
    expect(error.description).toMatch(/^The bank may have created a consent\./);
  });

  it('is not sent to the address of a redirect', async () => {
    const { api, requests } = await consentBank([
      json(307, {}, { Location: 'https://x.example/' }),
    ]);
    expect(await failing(api.create(requested))).toMatchObject({ status: 307 });
    expect(requests).toHaveLength(1);
  });

  it('is not sent after the execution was cancelled', async () => {
    const { api, requests } = await consentBank([CREATED], { signal: AbortSignal.abort() });
    expect(await failing(api.create(requested))).toMatchObject({ code: 'cancelled' });
    expect(requests).toEqual([]);
  });
});

describe('a refusal to create a consent', () => {
  const adviceOf = async (answer: Answer, permissions = PERMISSIONS) => {
    const { api } = await consentBank([answer]);
    const { code, description } = await failing(api.create({ permissions }));
    return { code, description };
  };
  const code = 'consent-refused';

  it('says which permission is missing by the rules of the standard', async () => {
    const field = refusal(400, 'UK.OBIE.Field.Invalid');
    const transactions = await adviceOf(field, ['ReadAccountsDetail', 'ReadTransactionsDetail']);
    expect(transactions).toEqual({
      code,
      description: expect.stringMatching(
        /^The likelier cause: the standard demands "ReadTransactionsCredits" or "ReadTransactionsDebits".*The other one: there/,
      ),
    });
    const accounts = await adviceOf(field, ['ReadBalances']);
    expect(accounts.description).toContain('demands "ReadAccountsBasic" or "ReadAccountsDetail"');
    const basics = await adviceOf(field, ['ReadAccountsBasic', 'ReadTransactionsDebits']);
    expect(basics.description).toContain('"ReadTransactionsBasic" or "ReadTransactionsDetail"');
  });

  it.each<[string, Answer, RegExp]>([
    [
      'permissions',
      refusal(400, 'UK.OBIE.Field.Invalid', { Path: 'Data.Permissions' }),
      /^Choose fewer permissions/,
    ],
    [
      'permissions, in words',
      json(400, { Errors: [{ ErrorCode: 'U002', Message: 'ReadPAN is not supported' }] }),
      /^Choose fewer permissions/,
    ],
    ['times', refusal(400, 'U003'), /^Check "Expires"/],
    [
      'times, by their place',
      refusal(400, 'UK.OBIE.Field.Invalid', { Path: 'Data.ExpirationDateTime' }),
      /^Check "Expires"/,
    ],
    ['nothing in particular', refusal(400, 'UK.OBIE.Field.Invalid'), /^There are two likely/],
    ['the application', json(403, { message: 'Forbidden' }), /^The application may not use/],
  ])('names %s', async (_, answer, advice) => {
    expect(await adviceOf(answer)).toEqual({ code, description: expect.stringMatching(advice) });
  });

  it('names a wrong address, and banks that create no consents', async () => {
    const { code: missing, description } = await adviceOf(json(404));
    expect(missing).toBe('api-address-wrong');
    expect(description).toMatch(/First, "Account API URL".*Second, .*scope-based consents.*empty/);
  });

  it('names the scope of the application’s token', async () => {
    const answer = json(403, { code: '900910', message: 'No', description: 'No' });
    const { code: scope, description } = await adviceOf(answer);
    expect(scope).toBe('scope-missing');
    expect(description).toContain('"accounts" alone');
  });

  it('shows the bank’s words and the identifiers of the request', async () => {
    const { api, requests } = await consentBank([
      json(400, {
        Id: 'e-7',
        Errors: [{ ErrorCode: 'X', Message: `Because ${APPLICATION_TOKEN}` }],
      }),
    ]);
    const error = await failing(api.create(requested));
    expect(error.message).toContain('The bank did not create the consent: it answered with status');
    expect(error.message).toContain('Because [hidden]');
    expect(error.description).toContain(`${idOf(requests[0]!)}. The bank's own: e-7.`);
  });
});

describe('a consent that is read', () => {
  it('comes from its address, the ID encoded once', async () => {
    const { api, requests } = await consentBank([json(200, consentAnswer())]);
    await api.get('urn:a/b c==');
    expect(requests[0]).toMatchObject({
      ...{ method: 'GET', url: `${CONSENTS}/urn%3Aa%2Fb%20c%3D%3D` },
    });
    expect(await failing(api.get('..'))).toMatchObject({
      ...{ code: 'field-malformed', outcome: 'not-sent' },
    });
    expect(requests).toHaveLength(1);
  });

  it('is asked for again if no answer came', async () => {
    const { api, requests } = await consentBank([silent, json(502), json(200, consentAnswer())]);
    expect(await api.get('c-1')).toMatchObject({ consentId: 'c-1' });
    expect(requests).toHaveLength(3);
  });

  it('is unknown to the bank', async () => {
    for (const answer of [json(404), json(410), refusal(400, 'U011')]) {
      const { api } = await consentBank([answer]);
      const error = await failing(api.get('c-9'));
      expect(error.code).toBe('bank-consent-unknown');
      expect(error.message).toContain('"c-9"');
    }
  });
});

describe('a consent that is ended', () => {
  const over = (Status: string) => json(200, consentAnswer({ Status }));

  it('is deleted once', async () => {
    const { api, requests } = await consentBank([(response) => response.writeHead(204).end()]);
    expect(await api.delete('c-1')).toBe(true);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `DELETE ${CONSENTS}/c-1`,
    ]);
    expect(requests[0]!.headers).not.toHaveProperty('content-type');
  });

  it('had ended before: the bank has none, or shows its status after a refusal', async () => {
    const unknown = await consentBank([refusal(404, 'U011')]);
    expect(await unknown.api.delete('c-1')).toBe(false);
    expect(unknown.requests).toHaveLength(1);
    for (const code of ['UK.OBIE.Field.Invalid', 'UK.OBIE.Resource.InvalidConsentStatus', 'U009']) {
      const refused = refusal(400, code);
      for (const status of ['Revoked', 'CANC', 'EXPD', 'RJCT']) {
        expect(await (await consentBank([refused, over(status)])).api.delete('c-1')).toBe(false);
      }
      for (const status of ['AUTH', 'AWAU', 'Suspended']) {
        const { api } = await consentBank([refused, over(status)]);
        expect(await failing(api.delete('c-1'))).toMatchObject({ code: 'consent-refused' });
      }
    }
  });

  it('is not taken for ended if a gateway does not know the address', async () => {
    const { api } = await consentBank([json(404)]);
    expect(await failing(api.delete('c-1'))).toMatchObject({ code: 'bank-consent-unknown' });
  });

  it('is not deleted again if the outcome is unknown', async () => {
    const { api, requests } = await consentBank([silent]);
    const error = await failing(api.delete('c-1'));
    expect(error).toMatchObject({ code: 'consent-outcome-unknown', outcome: 'unknown' });
    expect(error.message).toContain('whether the bank ended the consent "c-1"');
    expect(error.description).toContain('nothing that is stored was deleted');
    expect(requests).toHaveLength(1);
  });
});
