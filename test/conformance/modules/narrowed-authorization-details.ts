import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const asked = [{ type: 'accounts', actions: ['list', 'read'] }, { type: 'balances' }];
const pending = { authorizationDetails: asked };
const granting = (granted: unknown) => ({
  pending,
  tokenResponse: { authorization_details: granted },
});

it('puts out the granted details, and says nothing if they are what was asked for, or more', async () => {
  const granted = [{ ...asked[0], accounts: ['30080012343456'] }, { type: 'balances' }];
  const { item, hints } = await bank.accepts(granting(granted));
  expect(item.authorization_details).toEqual(granted);
  expect(hints).not.toContain('Authorization Details');
});

it('says what was narrowed, because a workflow that relies on more would fail at the API', async () => {
  const granted = [{ type: 'accounts', actions: ['list'] }];
  const { item, hints } = await bank.accepts(granting(granted));
  expect(item.authorization_details).toEqual(granted);
  expect(hints).toContain(
    'The bank granted less than was asked for in "Authorization Details": "accounts (actions)", "balances".',
  );
});

it('says that the bank does not say what it granted', async () => {
  const { item, hints } = await bank.accepts(granting(undefined));
  expect(item).not.toHaveProperty('authorization_details');
  expect(hints).toContain('The bank does not say which "Authorization Details" it granted');
});

it('keeps the granted details through a refresh that does not repeat them', async () => {
  const granted = [{ type: 'accounts', actions: ['list'] }];
  const exchanged = await bank.exchange({
    ...granting(granted),
    options: { keepForConsent: 'with details' },
  });
  expect(exchanged.item.authorization_details).toEqual(granted);
  bank.behave({ tokenResponse: { id_token: undefined } });
  const { item, used } = await bank.stored('with details', { refreshNow: true });
  expect(used.grants).toBe(1);
  expect(item.authorization_details).toEqual(granted);
});
