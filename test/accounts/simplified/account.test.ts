import { accountIdOf, simplifiedAccount } from '../../../core/accounts/simplified/account';
import { Remarks } from '../../../core/lib/remarks';

function account(raw: Record<string, unknown>, origin = {}) {
  return simplifiedAccount({ AccountId: 'A-1', ...raw }, origin, new Remarks());
}

const IBAN = { SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00TEST', Name: 'M. Example' };
const SORT_CODE = {
  SchemeName: 'UK.OBIE.SortCodeAccountNumber',
  Identification: '40111022334455',
  SecondaryIdentification: '0021',
};
const PAN = { SchemeName: 'UK.OBIE.PAN', Identification: '************1234' };

describe('an account', () => {
  it('has only the fields that exist', () => {
    expect(account({})).toEqual({ account_id: 'A-1', account_key: 'A-1' });
  });

  it('of v3.1 has all fields', () => {
    const raw = {
      Status: 'Enabled',
      Currency: 'GBP',
      AccountType: 'Personal',
      AccountSubType: 'CurrentAccount',
      Nickname: 'Household',
      Account: [IBAN],
    };
    expect(account(raw, { consent: 'customer 1', consentId: 'c-1' })).toEqual({
      account_id: 'A-1',
      account_key: 'A-1',
      consent: 'customer 1',
      consent_id: 'c-1',
      name: 'Household',
      type: 'CurrentAccount',
      currency: 'GBP',
      identification: 'GB00TEST',
      scheme: 'UK.OBIE.IBAN',
      status: 'Enabled',
    });
  });

  it.each([
    ['CACC', 'CurrentAccount'],
    ['TRAN', 'CurrentAccount'],
    ['CARD', 'CreditCard'],
    ['SVGS', 'Savings'],
    ['LOAN', 'Loan'],
    ['MORT', 'Mortgage'],
    ['WALT', 'EMoney'],
    ['svgs', 'Savings'],
    ['OTHR', 'OTHR'],
  ])('of v4.0 has the type %s as %s', (AccountTypeCode, type) => {
    expect(account({ AccountCategory: 'Personal', AccountTypeCode }).type).toBe(type);
  });

  it.each([
    [{ AccountSubType: '', AccountType: 'Business' }, 'Business'],
    [{ AccountCategory: 'Personal' }, 'Personal'],
    [{ AccountSubType: 'Savings', AccountTypeCode: 'CACC' }, 'Savings'],
  ])('with %j has the type %s', (raw, type) => {
    expect(account(raw).type).toBe(type);
  });

  it.each([
    ['enabled', 'Enabled'],
    ['DISA', 'Disabled'],
    ['Blocked', 'Blocked'],
  ])('has the status %s as %s', (Status, status) => {
    expect(account({ Status }).status).toBe(status);
  });

  it.each([
    [{ Nickname: 'N', Account: [IBAN], Description: 'D' }, 'N'],
    [{ Nickname: '', Account: [IBAN], Description: 'D' }, 'M. Example'],
    [{ Account: [SORT_CODE], Description: 'D' }, 'D'],
    [{ Account: [{ Name: 'Only a name' }] }, 'Only a name'],
  ])('with %j has the name %s', (raw, name) => {
    expect(account(raw).name).toBe(name);
  });

  it('without an ID is an item with a warning', () => {
    const remarks = new Remarks();
    expect(simplifiedAccount({ Nickname: 'N' }, {}, remarks)).toEqual({ name: 'N' });
    expect(remarks.texts).toEqual([expect.stringContaining('AccountId')]);
    expect(accountIdOf({ AccountId: null })).toBeUndefined();
  });

  it("keeps the bank's own ID", () => {
    expect(accountIdOf({ AccountId: 'a/b+c==' })).toBe('a/b+c==');
  });
});

describe('the identification of an account', () => {
  it.each([
    ['IBAN before sort code', [SORT_CODE, IBAN], IBAN],
    ['sort code before card number', [PAN, SORT_CODE], SORT_CODE],
    [
      'another scheme before card number',
      [PAN, { SchemeName: 'X', Identification: '1' }],
      { SchemeName: 'X', Identification: '1' },
    ],
    ['a masked card number as it is', [PAN], PAN],
    [
      'names without prefix',
      [
        { SchemeName: 'SortCodeAccountNumber', Identification: '1' },
        { SchemeName: 'IBAN', Identification: '2' },
      ],
      { SchemeName: 'IBAN', Identification: '2' },
    ],
    ['the first that is not empty', [{ ...IBAN, Identification: '' }, SORT_CODE], SORT_CODE],
    ['one object in place of a list', IBAN, IBAN],
    ['a scheme with a tab before it', [{ ...IBAN, SchemeName: '\tUK.OBIE.IBAN' }], IBAN],
  ])('is %s', (_, Account, { Identification, SchemeName }) => {
    expect(account({ Account })).toMatchObject({
      identification: Identification,
      scheme: SchemeName,
    });
  });

  it.each([undefined, null, [], 'GB00TEST', [null]])('is absent if "Account" is %j', (Account) => {
    const switched = { Account, SwitchStatus: 'UK.CASS.SwitchCompleted' };
    expect(account(switched)).toEqual({ account_id: 'A-1', account_key: 'A-1' });
  });
});
