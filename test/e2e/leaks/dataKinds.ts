import { json, raw } from '../../support/bank/scriptedBank';
import type { Asked, BankAnswer, HostileBank } from './hostileBank';
import { markedWord } from './identity';
import type { Kind } from './kinds';
import { kindPath, withApi } from './requestKinds';

/** Number of items of a kind: the bank repeats the token of each request in another form. */
const ECHOES = 6;

/** A node Open Banking that gets the transactions of one account, if not told otherwise. */
function dataNode(parameters: object): Kind['node'] {
  const account = { __rl: true, mode: 'id', value: 'A-1' };
  return {
    ...{ type: 'n8n-nodes-open-banking.openBanking', typeVersion: 1 },
    parameters: {
      ...{ resource: 'transaction', operation: 'getAll', accounts: 'one', account },
      ...parameters,
    },
  };
}

/** A row in which the bank repeats the access token as it got it. */
const row = ({ headers }: Asked) => ({
  ...{ AccountId: 'A-1', TransactionId: 'T1', CreditDebitIndicator: 'Debit', Status: 'Booked' },
  BookingDateTime: '2026-03-02T00:00:00+00:00',
  Amount: { Amount: '12.50', Currency: 'GBP' },
  TransactionInformation: `for ${headers.authorization}`,
  [String(headers.authorization)]: headers.authorization,
});

/** Answers of the account API that hold the token of the request. */
const answers: Record<string, { answer: BankAnswer; fails?: boolean; parameters?: object }> = {
  'data that repeat the token': {
    answer: (_, asked) => json(200, { Data: { Transaction: [row(asked)] } }),
    fails: false,
  },
  'data that repeat the token, as the bank sent them': {
    answer: (_, asked) => json(200, { Data: { Transaction: [row(asked)] } }),
    ...{ fails: false, parameters: { simplify: false } },
  },
  'data that repeat an account API header': {
    answer: (_, { headers }) =>
      json(200, { Data: { Transaction: [{ Key: headers['x-account-key'] }] } }),
    ...{ fails: false, parameters: { simplify: false } },
  },
  'data refused in the words of OBIE v3.1': {
    answer: (bank, asked) =>
      json(400, {
        ...{ Code: bank.echo(asked), Id: bank.echo(asked), Message: bank.echo(asked) },
        Errors: [{ ErrorCode: 'UK.OBIE.Field.Invalid', Message: bank.echo(asked) }],
      }),
  },
  'data refused in the words of OBIE v4.0': {
    answer: (bank, asked) =>
      json(403, { Id: bank.echo(asked), Errors: [{ ErrorCode: 'U028', Path: bank.echo(asked) }] }),
  },
  'data refused by a gateway': {
    answer: (bank, asked) =>
      json(403, { fault: { code: 900910, message: bank.echo(asked), description: 'No' } }),
  },
  'data refused with a page': {
    answer: (bank, asked) => raw(404, `<html><p>${bank.echo(asked)}</p></html>`, 'text/html'),
  },
  'data refused in a header': {
    answer: (_, { headers }) =>
      raw(401, '', 'application/json', {
        ...{ 'x-fapi-interaction-id': String(headers.authorization) },
        'WWW-Authenticate': `Bearer error="invalid_token", error_description="${headers.authorization}"`,
      }),
  },
  'a limit that repeats the token': {
    answer: (bank, asked) => raw(429, `Slow down, ${bank.echo(asked)}`, 'text/plain'),
    parameters: { options: { maximumWait: 0 } },
  },
  'a page in place of data': {
    answer: (bank, asked) => raw(200, `<html><p>Hello ${bank.echo(asked)}</p></html>`, 'text/html'),
  },
  'JSON without data': {
    answer: (bank, asked) => json(200, { [bank.echo(asked)]: bank.echo(asked) }),
  },
  'a next page at another host': {
    answer: (_, asked) =>
      json(200, {
        Data: { Transaction: [row(asked)] },
        Links: { Next: `https://localhost:1/other?t=${asked.headers.authorization}` },
      }),
  },
};

/** Account and balance in which the bank repeats the access token as it got it. */
function accountData({ headers: { authorization } }: Asked) {
  const own = { AccountId: 'A-1', Currency: 'GBP', [String(authorization)]: authorization };
  const balance = {
    ...{ ...own, Type: 'InterimAvailable', CreditDebitIndicator: 'Credit' },
    ...{ Amount: { Amount: '1.00', Currency: 'GBP' }, DateTime: '2026-03-02T00:00:00+00:00' },
  };
  const account = { ...own, Nickname: `for ${authorization}`, Description: authorization };
  return { Data: { Account: [account], Balance: [balance] } };
}

/** Answers to the operations on accounts. */
const accountAnswers = Object.fromEntries(
  ['getAll', 'get', 'getBalances'].flatMap((operation): [string, (typeof answers)[string]][] => {
    const parameters = { resource: 'account', operation };
    return [
      [
        `account ${operation} that repeats the token`,
        { answer: (_, asked) => json(200, accountData(asked)), fails: false, parameters },
      ],
      [
        `account ${operation} that is refused`,
        { answer: (bank, asked) => json(403, { Message: bank.echo(asked) }), parameters },
      ],
    ];
  }),
);

/** Answers to requests for consents that hold the token of the application. */
const consentAnswers: Record<string, { answer: BankAnswer; fails?: boolean }> = {
  'that repeats the token': {
    answer: (_, { headers: { authorization } }) =>
      json(200, {
        Data: { ConsentId: 'c-1', Status: authorization, Permissions: [authorization] },
        [String(authorization)]: authorization,
      }),
    fails: false,
  },
  'that is refused': {
    answer: (bank, asked) =>
      json(400, { Id: bank.echo(asked), Errors: [{ ErrorCode: 'U002', Path: bank.echo(asked) }] }),
  },
  'whose token is refused': {
    answer: (_, { headers: { authorization } }) =>
      raw(401, '', 'application/json', {
        'WWW-Authenticate': `Bearer error="invalid_token", error_description="${authorization}"`,
      }),
  },
  'whose server has a fault': {
    answer: (bank, asked) => raw(500, `Fault for ${bank.echo(asked)}`, 'text/plain'),
  },
  'that cannot be read': {
    answer: (bank, asked) => json(200, { [bank.echo(asked)]: bank.echo(asked) }),
  },
};

/** The operations of the resource Consent that ask the bank, with answers that repeat the token of the application. */
function consentKinds(bank: HostileBank): Kind[] {
  return ['create', 'get', 'delete'].flatMap((operation) =>
    Object.entries(consentAnswers).map(([given, { answer, fails = true }]): Kind => {
      const name = `consent ${operation} ${given}`;
      // A consent is ended by any success.
      const isFailure = fails && !(operation === 'delete' && given === 'that cannot be read');
      return {
        ...{ name, answer: withApi(answer), fails: isFailure },
        credential: { accountApiUrl: `${bank.url}/${kindPath(name)}` },
        items: () => Array.from({ length: ECHOES }, (_, index) => ({ index })),
        node: dataNode({
          ...{ resource: 'consent', operation, consentBy: 'id', consentId: 'c-1', simplify: false },
          options: { maximumWait: 0 },
        }),
      };
    }),
  );
}

/** The node Open Banking, with answers of the account API that repeat the token: one of each item, and one of a stored consent. */
export function dataKinds(bank: HostileBank): Kind[] {
  const all = Object.entries({ ...answers, ...accountAnswers });
  return [
    ...consentKinds(bank),
    ...all.map(([name, given]) => withGivenToken(bank, name, given)),
    ...all.map(([name, { answer, ...given }]) =>
      withStoredConsent(bank, name, { answer: withApi(answer), ...given }),
    ),
    withStoredConsent(bank, 'data whose tokens are refused', {
      answer: (own, asked) =>
        json(400, { error: 'invalid_grant', error_description: own.echo(asked) }),
    }),
  ];
}

type Given = (typeof answers)[string];

function withGivenToken(
  bank: HostileBank,
  name: string,
  { answer, fails = true, parameters }: Given,
): Kind {
  const token = { authorizeWith: 'accessToken', accessToken: '={{ $json.token }}' };
  return {
    ...{ name, answer, fails },
    credential: { accountApiUrl: `${bank.url}/${kindPath(name)}` },
    items: () => Array.from({ length: ECHOES }, () => ({ token: bank.accessToken() })),
    node: dataNode({ ...token, ...parameters }),
  };
}

function withStoredConsent(
  bank: HostileBank,
  given: string,
  { answer, fails = true, parameters }: Given,
): Kind {
  const name = `${given} (stored consent)`;
  const consent = { __rl: true, mode: 'id', value: 'household' };
  return {
    ...{ name, answer, fails },
    credential: {
      accountApiUrl: `${bank.url}/${kindPath(name)}`,
      ...{ authorizeWith: 'consent', consent: 'household' },
      firstRefreshToken: markedWord(bank.marks, 'the first refresh token'),
    },
    items: () => Array.from({ length: ECHOES }, (_, index) => ({ index })),
    node: dataNode({ consent, ...parameters }),
  };
}
