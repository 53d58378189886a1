import type { Access } from '../../core/accounts/access';
import { AccountApi, type ApiOptions } from '../../core/accounts/accountApi';
import { pullAccount, pullAccounts, pullTransactions, type Pulled } from '../../core/accounts/pull';
import { apiErrors } from '../../core/errors/rows/apiErrors';
import { Remarks } from '../../core/lib/remarks';
import { createProfile } from '../../core/profile/profile';
import type { Profile } from '../../core/profile/profile';
import { consentProvocations } from '../accounts/consents/consentProvocations';
import { pagesProvocations } from '../accounts/pagesProvocations';
import { rowsProvocations } from '../accounts/rowsProvocations';
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
    ...consentProvocations,
    ...pagesProvocations,
    ...rowsProvocations,
    'page-too-large': {
      'too many bytes': failing(raw(200, ' '.repeat(3000)), transactions, {
        options: { maximumPage: 2048 },
      }),
      'too many rows': failing(json(200, { Data: { Transaction: Array(50_001).fill({}) } })),
    },
    'account-id-unusable': failing(raw(200, ''), (request) => pullAccount(request, '..')),
  };
  provokeEach<typeof apiErrors>(provocations);
});
