import { recognized } from '../../../core/sync/identities/accountKeys';

/** A list of a hostile bank. */
function accounts(count: number, name: string) {
  return Array.from({ length: count }, (_, at) => ({
    accountId: `${name}-${at}`,
    identifications: [`${name} IBAN ${at}`],
    details: '["GBP",[]]',
  }));
}

// With a search of each account through all others, the first would take minutes, and n8n would stand still.
describe('a hostile list of accounts', () => {
  it('may have many accounts, and others each day', () => {
    const first = recognized([], accounts(20_000, 'a'), 'AAAA');
    const second = recognized(first.known, accounts(20_000, 'b'), 'AAAA');
    expect(second.known).toHaveLength(40_000);
    expect(second.accounts[7]).toEqual({ accountId: 'b-7', accountKey: 'b-7' });
  });

  it('may name one identification for all accounts', () => {
    const same = (name: string) =>
      accounts(10_000, name).map((account) => ({ ...account, identifications: ['IBAN'] }));
    const first = recognized([], same('a'), 'AAAA');
    expect(recognized(first.known, same('b'), 'AAAA').known).toHaveLength(20_000);
  });

  it('may give an account as many identifications as a page holds: the first ones count', () => {
    const identifications = Array.from({ length: 200_000 }, (_, at) => `IBAN ${at}`);
    const account = { accountId: 'a', identifications, details: '' };
    const { known } = recognized([], [account], 'AAAA');
    expect(known).toMatchObject([{ identifications: { length: 20 } }]);
    const again = recognized(known, [{ ...account, accountId: 'z' }], 'AAAA');
    expect(again.accounts).toEqual([{ accountId: 'z', accountKey: 'a' }]);
  });
});
