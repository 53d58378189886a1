import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts an address with the state of a pending request', async () => {
  await bank.accepts({ pending: {} });
});

it.each([undefined, ''])('refuses one with the state %j before the code is used', async (state) => {
  const behaviour = { redirect: 'code', parameters: { state }, pending: {} } as const;
  await bank.refusesBeforeTheCode(behaviour, 'redirect-state-missing');
});

it('refuses a response JWT without state before the code is used', async () => {
  const behaviour = { redirect: 'jarm', parameters: { state: undefined }, pending: {} } as const;
  await bank.refusesBeforeTheCode(behaviour, 'redirect-state-missing');
});
