import { randomUUID } from 'node:crypto';
import { ACCOUNTS } from '../../sandbox/accounts';
import type { Misbehaviour } from '../../sandbox/misbehaviours';
import { readOptions } from '../../sandbox/options';
import { PageSizes } from '../../sandbox/paging';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { CARD, HOUSEHOLD, openApi, SAVINGS, type Row } from './openApi';
import { TestThirdParty } from './thirdParty';

/** The API with 25 transactions on a page. */
function open() {
  const api = openApi({ sizes: new PageSizes(25) });
  const page = (account: string = HOUSEHOLD, number = 1): Row[] =>
    api.rows(account, `?page=${number}`);
  return { ...api, page };
}

const idsOf = (rows: Row[]) => rows.map(({ TransactionId }) => TransactionId);
const booked = (rows: Row[]) => rows.filter(({ Status }) => Status === 'Booked');
const content = ({ BookingDateTime, Amount }: Row) => `${BookingDateTime} ${Amount.Amount}`;

describe('the bank, on demand,', () => {
  it('gives other IDs to the transactions of its last day', () => {
    const { page, misbehaviours } = open();
    const before = page();
    misbehaviours.start('renumber');
    const after = page();
    expect(after.map(content)).toEqual(before.map(content));
    const isOfLastDay = ({ BookingDateTime }: Row) =>
      BookingDateTime === booked(before)[0]!.BookingDateTime;
    const known = new Set(idsOf(before));
    const renumbered = after.filter(({ TransactionId }) => !known.has(TransactionId));
    expect(renumbered).toEqual(booked(after).filter(isOfLastDay));
    expect(renumbered).not.toEqual([]);
  });

  it('dates a transaction back, under the same ID', () => {
    const { page, misbehaviours } = open();
    const before = page();
    misbehaviours.start('re-date', { days: 3 });
    const [newest] = booked(before);
    const after = page().find(({ TransactionId }) => TransactionId === newest!.TransactionId);
    const days = Date.parse(newest!.BookingDateTime) - Date.parse(after!.BookingDateTime);
    expect(days / 86_400_000).toBe(3);
  });

  it('books a payment late, which takes the first number of its day', () => {
    const { page, misbehaviours } = open();
    const before = booked(page(CARD));
    misbehaviours.start('book-late', { account: CARD });
    const after = booked(page(CARD));
    expect(after).toHaveLength(before.length + 1);
    const first = after.find(({ TransactionId }) => TransactionId?.endsWith('-0'))!;
    expect(first.Amount.Amount).toBe('85.00');
    expect(before.map(content)).not.toContain(content(first));
    const late = page();
    misbehaviours.start('book-late', { days: 5 });
    const known = new Set(idsOf(late));
    const [row, ...others] = page().filter(({ TransactionId }) => !known.has(TransactionId));
    expect(others).toEqual([]);
    expect(row!.BookingDateTime < booked(late)[0]!.BookingDateTime).toBe(true);
  });

  it('books a payment that is equal to another one', () => {
    const { page, misbehaviours } = open();
    const [before] = booked(page());
    misbehaviours.start('book-equal');
    const [, second] = booked(page()).filter((row) => content(row) === content(before!));
    expect(second).toMatchObject({ Amount: before!.Amount, Status: 'Booked' });
    expect(second!.TransactionId).not.toBe(before!.TransactionId);
    const count = () => booked(page(SAVINGS)).length;
    const ofSavings = count();
    misbehaviours.start('book-equal', { account: SAVINGS });
    expect(count()).toBe(ofSavings + 1);
  });

  it('sends an empty list once', () => {
    const { page, misbehaviours } = open();
    const before = page();
    misbehaviours.start('send-nothing');
    expect(page()).toEqual([]);
    expect(page()).toEqual(before);
  });

  it('leaves a transaction out once, on all pages of a read', () => {
    const { page, misbehaviours } = open();
    const before = [...page(), ...page(HOUSEHOLD, 2)];
    misbehaviours.start('leave-out');
    const during = [...page(), ...page(HOUSEHOLD, 2)];
    const [newest] = booked(before);
    expect(idsOf(during.slice(0, -1))).toEqual(
      idsOf(before).filter((id) => id !== newest!.TransactionId),
    );
    expect(page()).toEqual(before.slice(0, 25));
  });

  it('shifts the pages while they are read, until it stops', () => {
    const { page, misbehaviours } = open();
    misbehaviours.start('shift-pages');
    const first = page();
    const [again] = page(HOUSEHOLD, 2);
    expect(again).toEqual(first.at(-1));
    misbehaviours.end('shift-pages');
    const last = page().at(-1);
    expect(page(HOUSEHOLD, 2)[0]).not.toEqual(last);
  });

  it('lets a row slip through between two pages', () => {
    const { page, misbehaviours } = open();
    const expected = page(HOUSEHOLD, 2);
    misbehaviours.start('skip-rows');
    const first = page();
    const second = page(HOUSEHOLD, 2);
    expect(second.slice(0, -1)).toEqual(expected.slice(1));
    expect(first).not.toContainEqual(expected[0]);
  });

  it('gives each transaction another ID in each read, until it stops', () => {
    const { page, misbehaviours } = open();
    const usual = page();
    misbehaviours.start('change-ids');
    const [first, second] = [page(), page()];
    expect(second.map(content)).toEqual(first.map(content));
    expect(idsOf(second).filter((id) => idsOf(first).includes(id))).toEqual([]);
    misbehaviours.end();
    expect(page()).toEqual(usual);
  });

  it('books pending payments under their own ID', () => {
    const { page, misbehaviours, calendar } = open();
    misbehaviours.start('keep-pending-ids');
    const pending = page().filter(
      ({ Status, BookingDateTime }) =>
        Status === 'Pending' && BookingDateTime.startsWith('2026-11-28'),
    );
    expect(pending).toHaveLength(2);
    calendar.nextDay();
    const ids = idsOf(booked(page()));
    for (const { TransactionId } of pending) expect(ids).toContain(TransactionId);
  });

  it('hides an account, and shows it again', () => {
    const { get, rows, refusal, misbehaviours } = open();
    const listed = () => get('/accounts').Data.Account.length;
    const before = rows(SAVINGS);
    misbehaviours.start('hide-account', { account: SAVINGS });
    expect(listed()).toBe(3);
    expect(refusal(`/accounts/${SAVINGS}/transactions`)).toMatchObject({ status: 400 });
    misbehaviours.end('hide-account');
    expect(listed()).toBe(4);
    expect(rows(SAVINGS)).toEqual(before);
  });

  it('gives other account IDs to a consent that is approved again, for the same transactions', () => {
    const { get, rows, refusal, misbehaviours, approve } = open();
    const ids = () => get('/accounts').Data.Account.map(({ AccountId }) => AccountId);
    const before = rows(HOUSEHOLD);
    misbehaviours.start('new-account-ids');
    expect(ids()).toEqual(ACCOUNTS.map(({ id }) => id));
    approve();
    const after = ids();
    expect(after.filter((id) => ACCOUNTS.some((account) => account.id === id))).toEqual([]);
    expect(new Set(after).size).toBe(4);
    const [household] = after;
    expect(rows(household!)).toEqual(before.map((row) => ({ ...row, AccountId: household })));
    expect(refusal(`/accounts/${HOUSEHOLD}`)).toMatchObject({ status: 400 });
  });

  it.each([
    ['sing', {}, 'There is no misbehaviour "sing"'],
    ['renumber', { account: '1' }, 'There is no account "1"'],
    ['renumber', { account: SAVINGS }, `The transactions of account ${SAVINGS} have no IDs`],
    ['book-late', { days: -1 }, '"days" must be a whole number from 0 to 400'],
  ])('refuses %s with %p', (name, wish, error) => {
    const { misbehaviours } = open();
    expect(() => misbehaviours.start(name, wish)).toThrow(error);
  });
});

it.each(['sing', 'renumber:1'])('the option --misbehave=%s is refused', (value) => {
  expect(() => readOptions([`--misbehave=${value}`])).toThrow(
    '--misbehave must be one of renumber, re-date, book-late,',
  );
});

describe('over the network', () => {
  let bank: Sandbox;
  let thirdParty: TestThirdParty;

  beforeAll(async () => {
    bank = await startSandbox({ misbehave: ['send-nothing', `hide-account:${SAVINGS}`] });
    thirdParty = new TestThirdParty(bank.ready);
  });
  afterAll(async () => {
    thirdParty.close();
    await bank.stop();
  });

  it('a test begins and ends a misbehaviour, and ends a consent', async () => {
    const { code, consent_id: id } = await bank.authorize(undefined, [HOUSEHOLD, SAVINGS]);
    const { access_token: token } = (await thirdParty.exchange(code)).body;
    const get = (path: string) =>
      thirdParty.api(path, token, { headers: { 'x-fapi-interaction-id': randomUUID() } });
    const rows = async () =>
      (await get(`/accounts/${HOUSEHOLD}/transactions`)).body.Data.Transaction;
    const listed = async () => (await get('/accounts')).body.Data.Account.length;
    expect([await rows(), await listed()]).toEqual([[], 1]);
    await bank.behave('hide-account');
    const before = await rows();
    expect([before.length, await listed()]).toEqual([25, 2]);
    await bank.misbehave('book-late');
    expect(await rows()).not.toEqual(before);
    await bank.revoke(id);
    const refused = await get('/accounts');
    expect([refused.status, refused.text]).toEqual([
      403,
      expect.stringContaining('UK.OBIE.Resource.InvalidConsentStatus'),
    ]);
  });

  it('a wrong wish is refused with its reason', async () => {
    await expect(bank.misbehave('sing' as Misbehaviour)).rejects.toThrow(/400: .*sing/);
  });
});
