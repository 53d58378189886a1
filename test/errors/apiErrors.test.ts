import type { Access } from '../../core/accounts/access';
import { AccountApi, type ApiOptions } from '../../core/accounts/accountApi';
import { pullAccount, pullAccounts, pullTransactions, type Pulled } from '../../core/accounts/pull';
import { pullOfAllAccounts } from '../../core/accounts/pullOfAllAccounts';
import { apiErrors } from '../../core/errors/rows/apiErrors';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { createProfile } from '../../core/profile/profile';
import type { Profile } from '../../core/profile/profile';
import { customCredential } from '../support/bank/credential';
import { json, raw, type Answer } from '../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import { provokeEach, type Failure, type Provocations } from './provocation';

const TOKEN = 'at-7Hq2Lk9Zp0Xc4Vb8Nm1';
const PATH = '/open-banking/v3.1/aisp';

let server: TlsServer;
let answer: Answer;
let profile: Profile;
beforeAll(async () => {
  server = await startTlsServer({
    handle: (request, response) => answer(response, request, new URLSearchParams()),
  });
  const settings = await customCredential(server.url);
  profile = await createProfile({ ...settings, accountApiUrl: server.url + PATH });
});
afterAll(() => server?.close());

/** A token that a user gave, or one of a stored consent that can be refreshed once. */
const given: Access = {
  kind: 'token',
  authorization: () => Promise.resolve(`Bearer ${TOKEN}`),
  renewed: () => Promise.resolve(undefined),
  remarks: [],
};
const stored: Access = {
  ...given,
  kind: 'consent',
  renewed: () => Promise.resolve(`Bearer ${TOKEN}-2`),
  isRenewed: (authorization) => authorization.endsWith('-2'),
};

type Pull = (request: Parameters<typeof pullAccounts>[0]) => Promise<Pulled>;

const transactions: Pull = (request) => pullTransactions(request, 'A-1', { status: 'all' });

/** Causes the failure of a pull, that of transactions if not given, at a bank that answers like this. */
function failing(
  answers: Answer,
  pull = transactions,
  { access = given, options = {} }: { access?: Access; options?: ApiOptions } = {},
) {
  return async (): Promise<Failure> => {
    answer = answers;
    const api = new AccountApi(profile, access, { pause: () => Promise.resolve(), ...options });
    const remarks = new Remarks();
    const { failure } = await pull({ api, origin: {}, simplify: true, remarks });
    const { text } = failure!;
    expect(text).not.toContain(TOKEN);
    if (failure!.outcome !== 'not-sent') expect(text).toMatch(/x-fapi-interaction-id [\da-f-]{36}/);
    return failure!;
  };
}

const obie = (status: number, ErrorCode: string) =>
  json(status, { Code: `${status}`, Errors: [{ ErrorCode, Message: `Refused: ${TOKEN}` }] });

const gateway = (status: number, code: string) =>
  json(status, { code, message: 'Message', description: 'Description' });

const row = (amount: unknown, indicator?: string) => ({
  AccountId: 'A-1',
  TransactionId: 'T1',
  Status: 'Booked',
  BookingDateTime: '2026-03-02T00:00:00+00:00',
  CreditDebitIndicator: indicator,
  Amount: { Amount: amount, Currency: 'GBP' },
});

/** A page with a row, and a link to the next page. */
const page = (amount: unknown, indicator?: string, next?: string) =>
  json(200, { Data: { Transaction: [row(amount, indicator)] }, Links: { Next: next } });

/** Pages that each name another one, with the same row. */
const endless: Answer = (response, request, form) =>
  page('1.00', 'Debit', `${request.url}${request.url.includes('?') ? '' : '?page='}1`)(
    response,
    request,
    form,
  );

/** Two pages that name each other. */
const circle: Answer = (response, request, form) => {
  const path = `${server.url}${PATH}/accounts/A-1/transactions`;
  const next = request.url.endsWith('=2') ? `${path}?page=3` : `${path}?page=2`;
  page('1.00', 'Debit', next)(response, request, form);
};

/** A first page whose link to the second one is refused. */
const forgetful: Answer = (response, request, form) =>
  request.url.includes('page=2')
    ? obie(400, 'UK.OBIE.Field.Invalid')(response, request, form)
    : page('1.00', 'Debit', '?page=2')(response, request, form);

const accountWithoutId = json(200, { Data: { Account: [{ Currency: 'GBP' }] } });

/** The failure of the first account. */
const all: Pull = async (request) => {
  const options = { slots: new Slots(2), continues: true };
  return (await pullOfAllAccounts(request, () => Promise.resolve({ rows: [] }), options))[0]!;
};

describe('the account API', () => {
  const provocations: Provocations<typeof apiErrors> = {
    'consent-not-accepted': {
      'a status of the consent': failing(obie(403, 'UK.OBIE.Resource.InvalidConsentStatus')),
      'an expired consent at WSO2': failing(json(400, { error: { code: 'Forbidden' } })),
      'a refreshed token': failing(raw(401, ''), transactions, { access: stored }),
    },
    'reauthentication-needed': failing(obie(403, 'U028')),
    'permission-missing': {
      'no reason': failing(raw(403, '')),
      'an account of another consent': failing(obie(403, 'UK.OBIE.Resource.ConsentMismatch')),
    },
    'account-unknown': {
      'status 404': failing(raw(404, '')),
      'one account': failing(obie(400, 'UK.OBIE.Resource.NotFound'), (request) =>
        pullAccount(request, 'A-9'),
      ),
    },
    'api-address-wrong': {
      'the list of accounts': failing(raw(404, ''), pullAccounts),
      'a redirect': failing((response) => {
        response.writeHead(302, { Location: 'https://login.example/' }).end();
      }),
    },
    'application-token-refused': failing(gateway(403, '900912')),
    'scope-missing': failing(gateway(403, '900910')),
    'token-not-accepted': failing(gateway(401, '900901')),
    'api-not-subscribed': failing(gateway(403, '900908')),
    'period-refused': failing(json(422, { code: 'WRONG_TRANSACTIONS_PERIOD' })),
    'api-refused': failing(json(400, { message: 'No' })),
    'api-limit-reached': {
      'a time': failing((response) => {
        response.writeHead(429, { 'Retry-After': '85092' }).end();
      }),
      'no time': failing(raw(429, '')),
    },
    'api-unavailable': failing(raw(503, '<html><body>No server is available</body></html>')),
    'next-page-elsewhere': failing(page('1.00', 'Debit', `https://x.example${PATH}/accounts`)),
    'pages-endless': { 'no new row': failing(endless), 'a circle': failing(circle) },
    'page-expired': failing(forgetful),
    'data-missing': {
      'a web page': failing(raw(200, '<html><title>Log in</title></html>')),
      'no data': failing(json(200, { message: 'OK' })),
      'an account without an ID': async () => {
        answer = accountWithoutId;
        const api = new AccountApi(profile, given);
        const request = { api, origin: {}, simplify: true, remarks: new Remarks() };
        return (await all(request)).failure!;
      },
      'JSON that is cut off': failing(raw(200, '{"Data":{"Transaction":[')),
    },
    'page-too-large': failing(raw(200, ' '.repeat(3000)), transactions, {
      options: { maximumPage: 2048 },
    }),
    'amount-unreadable': async () => withoutInteraction(page('1,234.56', 'Debit')),
    'amount-sign-missing': async () => withoutInteraction(page('12.50')),
    'account-id-unusable': failing(raw(200, ''), (request) => pullAccount(request, '..')),
  };
  provokeEach<typeof apiErrors>(provocations);
});

/** A failure of a row, which comes from the simplified form and not from a request. */
async function withoutInteraction(answers: Answer): Promise<Failure> {
  answer = answers;
  const api = new AccountApi(profile, given);
  const { failure } = await transactions({
    api,
    origin: {},
    simplify: true,
    remarks: new Remarks(),
  });
  return failure!;
}
