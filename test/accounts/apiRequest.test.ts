import { accountPath } from '../../core/accounts/accountApi';
import { accountIdIn, apiRequest, commonHeaders, hasPeriod } from '../../core/accounts/apiRequest';
import { OpenBankingError } from '../../core/errors/OpenBankingError';

const caught = (work: () => unknown): OpenBankingError => {
  try {
    work();
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
  }
  throw new Error('An OpenBankingError was expected');
};

describe('the headers of a request', () => {
  const values = {
    url: 'https://bank.example/a',
    authorization: 'Bearer at',
    interactionId: 'i-1',
  };

  test('say nothing about the customer and the bank if nothing is given', () => {
    expect(apiRequest(values, commonHeaders({})).headers).toEqual({
      Accept: 'application/json',
      'Cache-Control': 'no-cache',
      Authorization: 'Bearer at',
      'x-fapi-interaction-id': 'i-1',
    });
    const empty = { financialId: '', customerIpAddress: '' };
    expect(commonHeaders(empty)).toEqual({});
  });

  test('have what is given', () => {
    const given = {
      financialId: 'f-1',
      customerIpAddress: '2001:db8::1',
      customerLastLoggedAt: new Date('2026-03-01T10:05:00+01:00'),
    };
    expect(apiRequest(values, commonHeaders(given)).headers).toMatchObject({
      'x-fapi-financial-id': 'f-1',
      'x-fapi-customer-ip-address': '2001:db8::1',
      'x-fapi-auth-date': 'Sun, 01 Mar 2026 09:05:00 GMT',
    });
  });
});

describe('the path of an account', () => {
  test.each([
    ['A-1', '/accounts/A-1'],
    ['a/b+c==', '/accounts/a%2Fb%2Bc%3D%3D'],
    ['50% GBP', '/accounts/50%25%20GBP'],
    ['A-1?x=1', '/accounts/A-1%3Fx%3D1'],
    ['é1', '/accounts/%C3%A91'],
    ['a%2Fb', '/accounts/a%252Fb'],
    ['...', '/accounts/...'],
    ['a..b/c.', '/accounts/a..b%2Fc.'],
    ['/a/.b', '/accounts/%2Fa%2F.b'],
  ])('encodes %p once', (id, path) => {
    expect(accountPath(id)).toBe(path);
    expect(accountPath(id, 'balances')).toBe(`${path}/balances`);
    expect(accountIdIn(accountPath(id, 'transactions'))).toBe(id);
    // The class URL changes nothing of it.
    expect(new URL(`https://bank.example/aisp${path}`).pathname).toBe(`/aisp${path}`);
  });

  test.each([
    ...['', '.', '..', '\ud83d', '../../token?x#', 'a/..', 'a/./b', '..\\b', '..?x', '..;x/a'],
    ...['%2e%2E', '..%2f', 'a%5c%2e.%5Cb', '.\t./a'],
  ])('refuses %p', (id) => {
    expect(caught(() => accountPath(id, 'transactions'))).toMatchObject({
      code: 'account-id-unusable',
      outcome: 'not-sent',
    });
  });

  test('is none for the list of accounts', () => {
    expect(accountIdIn('/accounts')).toBeUndefined();
    expect(accountIdIn('/accounts/%')).toBe('%');
  });
});

test.each([
  ['', false],
  ['page=2', false],
  ['fromBookingDateTime=2026-03-01T00:00:00', true],
  ['page=2&toBookingDateTime=x', true],
  ['xfromBookingDateTime=1', false],
])('the query %p has a period: %p', (query, expected) => {
  expect(hasPeriod(query)).toBe(expected);
});
