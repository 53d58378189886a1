import type { ReceivedTokens } from '../../../core/oauth/grants/tokenSet';
import { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { tokensFor } from '../../support/bank/tokenBank';
import { passed } from '../../support/stores/consents';
import { booked, LedgerBank } from './ledgerBank';
import { sqlitePlace, Subscriber, testClient } from './subscriber';

/** A customer as the ID token names them; `undefined` if the bank gives no ID token. */
type Person = { sub: string; consentId?: string } | undefined;

let numbers = 0;

/** New tokens of a customer. */
function received(person: Person): ReceivedTokens {
  const number = ++numbers;
  const tokens = { access_token: `at-${number}`, refresh_token: `rt-${number}` };
  const customer = person && { iss: 'https://bank.example', sub: person.sub, aud: 'client' };
  return passed(tokensFor(600, tokens), customer ? { customer } : {});
}

/** The `account_key`s of two polls of one stored name. Between them its tokens become those of another consent, with another account. */
async function keysOf(first: Person, second: Person, isDeleted: boolean): Promise<string[]> {
  const place = await sqlitePlace();
  const bank = new LedgerBank({ 'A-1': [booked('T1', '12.50')] });
  // As with the permission ReadAccountsBasic: no identification.
  bank.behaviour = (path) =>
    path === '/accounts'
      ? { Data: { Account: [...bank.accounts.keys()].map((AccountId) => ({ AccountId })) } }
      : undefined;
  const client = await testClient();
  const tokens = new ConsentTokens(client, place.open(), encryptionKeys('', client.profile));
  const keep = (person: Person) =>
    tokens.keep('c', received(person), person?.consentId ? { consentId: person.consentId } : {});
  await keep(first);
  const one = await Subscriber.start(place, bank);
  const before = await one.round();
  if (isDeleted) await tokens.forget('c');
  await keep(second);
  bank.accounts.clear();
  bank.accounts.set('B-1', [booked('T2', '7.00')]);
  place.pass(24 * 3_600_000);
  const after = await one.round();
  return [...before, ...after].map(({ account_key }) => account_key);
}

const DELETED = true;
const alex = { sub: 'alex' };

describe('the only account of a consent, without identification, under another ID', () => {
  it.each<[string, Person, Person, boolean]>([
    ['after a renewal', alex, alex, false],
    ['after a renewal without an ID token', undefined, undefined, false],
    ['after a renewal that says who the customer is', undefined, alex, false],
    ['after the consent was deleted and given again', alex, alex, DELETED],
    [
      'if "sub" is the consent ID',
      { sub: 'c-1', consentId: 'c-1' },
      { sub: 'c-2', consentId: 'c-2' },
      DELETED,
    ],
  ])('stays the same account %s', async (_, first, second, isDeleted) => {
    expect(await keysOf(first, second, isDeleted)).toEqual(['A-1', 'A-1']);
  });

  it.each<[string, Person, Person]>([
    ['of another customer', alex, { sub: 'sam' }],
    ['of a customer who is not known', alex, undefined],
    ['without any ID token', undefined, undefined],
    ['of another customer with a consent ID', alex, { sub: 'c-2', consentId: 'c-2' }],
  ])(
    'is another account after the consent was deleted and the name given to that %s',
    async (_, first, second) => {
      expect(await keysOf(first, second, DELETED)).toEqual(['A-1', 'B-1']);
    },
  );
});
