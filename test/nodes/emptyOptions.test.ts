import type { IDataObject, INodeParameters, INodeTypeDescription } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { loadPackage, runNode } from '../support/n8n/nodeExecution';
import { CODE, json, TOKENS } from '../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';

let bank: TlsServer;
let credential: BankSettings;

beforeAll(async () => {
  bank = await startTlsServer({
    handle: (request, response) =>
      json(200, { ...TOKENS, request_uri: 'urn:1', expires_in: 60 })(
        response,
        request,
        new URLSearchParams(request.body),
      ),
  });
  credential = {
    ...(await customCredential(bank.url)),
    authorizationEndpoint: `${bank.url}/authorize`,
    pushedAuthorizationRequestEndpoint: `${bank.url}/par`,
    scope: 'openid accounts',
  };
});
afterAll(() => bank.close());

async function errorOf(parameters: INodeParameters, item: IDataObject = {}): Promise<unknown> {
  bank.requests.length = 0;
  const items = [{ code: CODE, refresh_token: 'rt-1', ...item }];
  const { error } = await runNode({ credential: credential as IDataObject, items, parameters });
  expect(bank.requests).toEqual([]);
  return error;
}

const parametersOf: Record<string, INodeParameters> = {
  exchange: { resource: 'token', operation: 'exchange', code: '={{ $json.code }}' },
  refresh: { resource: 'token', operation: 'refresh', refreshToken: '={{ $json.refresh_token }}' },
  application: { resource: 'token', operation: 'application' },
  valid: { resource: 'token', operation: 'valid', consent: 'household' },
  createUrl: {
    ...{ resource: 'authorization', operation: 'createUrl' },
    ...{ consentId: 'c', sendRequestAs: 'pushed', responseType: 'code id_token' },
  },
  sign: { resource: 'payload', operation: 'sign', payload: '{}' },
  verify: { resource: 'payload', operation: 'verify', signed: 'a.b.c' },
};

/** Each option of a text, a number or a switch on which a check or a name depends, by its operation. */
const options: [operation: string, option: string, label: string][] = [
  ...[
    ['codeVerifier', 'Code Verifier'],
    ['consentId', 'Consent ID'],
    ['keepForConsent', 'Keep for Consent'],
    ['nonce', 'Nonce'],
    ['output', 'Output'],
    ['redirectUri', 'Redirect URI'],
    ['scope', 'Scope'],
    ['state', 'State'],
  ].map(([name, label]): [string, string, string] => ['exchange', name!, label!]),
  ['refresh', 'keepForConsent', 'Keep for Consent'],
  ['refresh', 'originalIdToken', 'Original ID Token'],
  ['refresh', 'output', 'Output'],
  ['application', 'scope', 'Scope'],
  ['application', 'output', 'Output'],
  ['valid', 'margin', 'Refresh Before Expiry'],
  ['valid', 'output', 'Output'],
  ['createUrl', 'acr', 'ACR'],
  ['createUrl', 'acrValues', 'ACR Values'],
  ['createUrl', 'consentScopePrefix', 'Consent Scope Prefix'],
  ['createUrl', 'maxAge', 'Maximum Login Age'],
  ['createUrl', 'nameConsentBy', 'Name the Consent By'],
  ['createUrl', 'prompt', 'Prompt'],
  ['createUrl', 'redirectUri', 'Redirect URI'],
  ['createUrl', 'regime', 'Regime'],
  ['createUrl', 'renewConsent', 'Renew Stored Consent'],
  ['createUrl', 'requestObjectType', 'Request Object Type'],
  ['createUrl', 'scope', 'Scope'],
  ['createUrl', 'sharingDuration', 'Sharing Duration'],
  ['sign', 'issuer', 'Issuer'],
  ['sign', 'lifetime', 'Lifetime'],
  ['sign', 'trustAnchor', 'Trust Anchor'],
  ['verify', 'algorithm', 'Algorithm'],
  ['verify', 'audience', 'Audience'],
  ['verify', 'issuer', 'Issuer'],
  ['verify', 'trustAnchor', 'Trust Anchor'],
];

/** Options that hold objects or lists. */
const structured: typeof options = [
  ['createUrl', 'authorizationDetails', 'Authorization Details'],
  ['createUrl', 'furtherClaims', 'Further Claims'],
  ['sign', 'header', 'Further Header Members'],
  ['verify', 'claims', 'Claims'],
];

const switches: typeof options = [
  ['exchange', 'acceptAnotherCustomer', 'Accept Another Customer'],
  ['valid', 'refreshNow', 'Refresh Now'],
  ['valid', 'tryAgain', 'Try Once More'],
  ['createUrl', 'formPost', 'Use Form Post'],
  ['createUrl', 'keepPending', 'Keep Pending Authorization'],
  ['createUrl', 'pkce', 'PKCE'],
];

/** Options that no check and no name depends on, and those of an operation with tests of its own. */
const others = ['concurrency', 'onlyForget', 'furtherParameters'];

it('knows each option of each operation', async () => {
  const { properties } = (await loadPackage()).getNode('openBankingToken').type
    .description as INodeTypeDescription;
  const found = properties
    .filter(({ name }) => name === 'options')
    .flatMap(({ displayOptions, options: fields = [] }) =>
      fields.map(({ name }) =>
        [...(displayOptions!.show!['operation'] as string[]), name].join(' '),
      ),
    )
    .filter((name) => !others.includes(name.split(' ')[1]!));
  const tested = [...options, ...structured, ...switches].map(
    ([operation, option]) => `${operation} ${option}`,
  );
  expect(found.sort()).toEqual(tested.sort());
});

/** Runs an operation with an option whose expression yields a value, and expects that it sends nothing. */
async function expectEmpty(operation: string, option: string, value: string, label: string) {
  const options = { [option]: `={{ ${value} }}` };
  expect(await errorOf({ ...parametersOf[operation], options })).toMatchObject({
    name: 'NodeOperationError',
    message: `"${label}" is empty`,
    context: { code: 'input-missing', outcome: 'not-sent' },
  });
}

describe.each(options)('%s with the option %s', (operation, option, label) => {
  it.each(['undefined', 'null', '""', '{}', '[]', 'true'])(
    'sends nothing if its expression yields %s',
    (value) => expectEmpty(operation, option, value, label),
  );
});

describe.each(structured)('%s with the option %s', (operation, option, label) => {
  it.each(['undefined', 'null', '""', 'true'])(
    'sends nothing if its expression yields %s',
    (value) => expectEmpty(operation, option, value, label),
  );
});

describe.each(switches)('%s with the switch %s', (operation, option, label) => {
  it.each(['undefined', 'null', '""', '{}', '[]', '"true"', '1'])(
    'sends nothing if its expression yields %s',
    (value) => expectEmpty(operation, option, value, label),
  );
});

it.each([
  ['exchange', { options: { keepForConsent: '={{ $json.id }}' } }, 'consent-malformed'],
  ['exchange', { options: { consentId: '={{ $json.id }}' } }, 'field-malformed'],
  ['exchange', { options: { nonce: '={{ $json.id }}' } }, 'field-malformed'],
  ['exchange', { code: '={{ $json.id }}' }, 'field-malformed'],
  ['refresh', { options: { keepForConsent: '={{ $json.id }}' } }, 'consent-malformed'],
  ['refresh', { refreshToken: '={{ $json.id }}' }, 'field-malformed'],
  ['valid', { consent: '={{ $json.id }}' }, 'consent-malformed'],
  ['createUrl', { consentId: '={{ $json.id }}' }, 'field-malformed'],
])('%s with %j sends nothing for a number that is rounded', async (operation, given, code) => {
  for (const id of [90071992547409931, 90071992547409932, 0.5]) {
    const parameters = { ...parametersOf[operation], ...given } as INodeParameters;
    expect(await errorOf(parameters, { id })).toMatchObject({ context: { code } });
  }
});

it.each(['revoke', 'introspect'])(
  '%s sends nothing if the expression of "Token From" yields no text',
  async (operation) => {
    const parameters = { resource: 'token', operation, tokenFrom: '={{ $json.none }}' };
    expect(await errorOf({ ...parameters, consent: 'household' })).toMatchObject({
      message: '"Token From" has an unknown value',
    });
  },
);
