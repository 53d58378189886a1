import { simplifiedAccount } from '../../../core/accounts/simplified/account';
import { simplifiedBalance } from '../../../core/accounts/simplified/balance';
import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { Remarks } from '../../../core/lib/remarks';
import { ACCOUNTS } from '../../../sandbox/accounts';
import { dayOf } from '../../../sandbox/calendar';
import { accountBody, balanceBody, transactionBody } from '../../../sandbox/openBankingBodies';
import { transactionsOf } from '../../../sandbox/transactions';
import { VERSIONS } from '../../../sandbox/versions';
import { simplified } from './rows';

/** The bank's answer as JSON: members that are `undefined` are absent. */
const sent = (body: object) => JSON.parse(JSON.stringify(body)) as RawRow;

const NOW = new Date('2026-03-02T08:00:00Z');

describe.each(ACCOUNTS.map((account) => [account.nickname, account] as const))(
  'the account %s of the sandbox bank',
  (_, account) => {
    const remarks = new Remarks();

    it('is the same item in v3.1 and v4.0, and so are its balances', () => {
      const [v3, v4] = VERSIONS.map((version) => ({
        account: simplifiedAccount(sent(accountBody(account, true, version)), {}, remarks),
        balances: balanceBody(account, 0, version, NOW).map((body) =>
          simplifiedBalance(sent(body), { accountId: account.id }, remarks),
        ),
      }));
      expect(v4).toEqual(v3);
      expect(v3!.account).toMatchObject({ account_id: account.id, type: account.subType });
      expect(remarks.texts).toEqual([]);
    });

    it('has the same transactions in v3.1 and v4.0, but for codes and the states that only one has', () => {
      const rows = transactionsOf(account, dayOf(NOW.getTime()));
      const [v3, v4] = VERSIONS.map((version) => {
        const bodies = rows.map((row) => sent(transactionBody(account, row, true, version)));
        const { items, failure, remarks } = simplified(bodies, undefined, account.id);
        expect([failure, remarks]).toEqual([undefined, []]);
        expect(items).toHaveLength(rows.length);
        return items;
      });
      const comparable = (items: typeof v3) =>
        items!.map(({ code, status, ...item }) => ({
          ...item,
          isBooked: status === 'booked',
          hasCode: /^\w+\/\w+$/.test(code ?? ''),
        }));
      expect(comparable(v4)).toEqual(comparable(v3));
      expect(comparable(v3).every(({ hasCode }) => hasCode)).toBe(true);
    });
  },
);
