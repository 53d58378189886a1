/**
 * The account API of the bank of the benchmark: OBIE v3.1, with pages of 50 transactions.
 *
 * Pages are ready before a measure begins: an answer is bytes from the memory. The account's ID says how many pages it has: `1000-a` has
 * 1,000. Each consent has the same four accounts.
 */

/** Transactions on a page. */
const ROWS = 50;

/** The accounts of each consent. */
const ACCOUNTS = ['1-a', '1-b', '1-c', '1-d'];

const PATH = '/open-banking/v3.1/aisp/accounts';

/** The last booking date, if a measure names no other. */
const NEWEST = Date.UTC(2026, 9, 31, 23);

/** Ready answers, by host and target. */
const ready = new Map();

/**
 * Makes the pages of an account ready.
 *
 * @param base `https://<host>` under which the clients know the bank. Links contain it.
 * @param newest the last booking date, in milliseconds since the epoch
 */
export function prepareAccount(base, accountId, newest = NEWEST) {
  const { host } = new URL(base);
  const count = Number(accountId.split('-')[0]);
  const target = (page) => `${PATH}/${accountId}/transactions${page > 1 ? `?page=${page}` : ''}`;
  for (let page = 1; page <= count; page++) {
    const body = {
      Data: {
        Transaction: Array.from({ length: ROWS }, (_, row) =>
          transaction(accountId, (page - 1) * ROWS + row, newest),
        ),
      },
      Links: { Self: base + target(page), ...(page < count && { Next: base + target(page + 1) }) },
      Meta: { TotalPages: count },
    };
    ready.set(host + target(page), response(JSON.stringify(body)));
  }
}

/** Makes the pages of the four accounts of each consent ready. @param newest as for {@link prepareAccount} */
export function prepareConsents(base, newest) {
  for (const accountId of ACCOUNTS) prepareAccount(base, accountId, newest);
  const { host } = new URL(base);
  const accounts = ACCOUNTS.map((accountId) => ({
    ...{ AccountId: accountId, Currency: 'EUR', AccountType: 'Personal' },
    AccountSubType: 'CurrentAccount',
  }));
  const body = {
    Data: { Account: accounts },
    Links: { Self: base + PATH },
    Meta: { TotalPages: 1 },
  };
  ready.set(host + PATH, response(JSON.stringify(body)));
}

/**
 * All transactions are in each period that a measure asks for.
 *
 * @param head request line and header fields
 * @returns the bytes of the answer; `undefined` if they were not made ready
 */
export function readyAnswer(head, target) {
  const [, host] = /^host: *(\S+)/im.exec(head) ?? [];
  return ready.get(host + target.replace(/\?fromBookingDateTime=[^&]*$/, ''));
}

function response(text) {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

const SHOPS = [
  'Corner Grocer',
  'City Transport',
  'Harbour Energy Supply',
  'Ferry Lane Café',
  'Oakfield Lettings',
];

/** A booked transaction with the members that banks usually send. */
function transaction(accountId, index, newest) {
  const booked = new Date(newest - index * 600_000);
  const shop = SHOPS[index % SHOPS.length];
  const amount = `${(index * 37) % 900}.${String(index % 100).padStart(2, '0')}`;
  return {
    AccountId: accountId,
    TransactionId: `tx-${accountId}-${String(index).padStart(8, '0')}`,
    TransactionReference: `Ref ${index}`,
    CreditDebitIndicator: index % 7 === 0 ? 'Credit' : 'Debit',
    Status: 'Booked',
    BookingDateTime: booked.toISOString().replace('.000Z', '+00:00'),
    ValueDateTime: booked.toISOString().replace('.000Z', '+00:00'),
    TransactionInformation: `Card payment to ${shop}`,
    Amount: { Amount: amount, Currency: 'EUR' },
    BankTransactionCode: { Code: 'MerchantCardPayments', SubCode: 'POSPayment' },
    ProprietaryBankTransactionCode: { Code: 'POS', Issuer: 'Bank' },
    Balance: {
      Amount: { Amount: `${10_000 + (index % 5_000)}.50`, Currency: 'EUR' },
      CreditDebitIndicator: 'Credit',
      Type: 'InterimBooked',
    },
    MerchantDetails: { MerchantName: shop, MerchantCategoryCode: '5411' },
    CreditorAccount: {
      SchemeName: 'UK.OBIE.IBAN',
      Identification: 'DE02120300000000202051',
      Name: shop,
    },
  };
}
