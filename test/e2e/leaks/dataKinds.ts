import { json, raw } from '../../support/bank/scriptedBank';
import type { Asked, BankAnswer, HostileBank } from './hostileBank';
import type { Kind } from './kinds';
import { kindPath } from './requestKinds';

/** Number of items of a kind: the bank repeats the token of each request in another form. */
const ECHOES = 6;

/** The node Open Banking with the access token of each item. */
function dataNode(parameters: object): Kind['node'] {
  const given = { authorizeWith: 'accessToken', accessToken: '={{ $json.token }}' };
  return {
    ...{ type: 'n8n-nodes-open-banking.openBanking', typeVersion: 1 },
    parameters: { resource: 'transaction', operation: 'getAll', ...given, ...parameters },
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

const one = { accounts: 'one', account: { __rl: true, mode: 'id', value: 'A-1' } };

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

/** The node Open Banking, with answers of the account API that repeat the token. */
export function dataKinds(bank: HostileBank): Kind[] {
  return Object.entries(answers).map(([name, { answer, fails = true, parameters = {} }]) => ({
    ...{ name, answer, fails },
    credential: { accountApiUrl: `${bank.url}/${kindPath(name)}` },
    items: () => Array.from({ length: ECHOES }, () => ({ token: bank.accessToken() })),
    node: dataNode({ ...one, ...parameters }),
  }));
}
