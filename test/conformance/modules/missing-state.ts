import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect with the state of a pending request', async () => {
  await bank.accepts({ pending: {} });
});

it.each([undefined, ''])(
  'rejects a redirect with the state %j before the code is used',
  async (state) => {
    const behaviour = { redirect: 'code', parameters: { state }, pending: {} } as const;
    await bank.refusesBeforeTheCode(behaviour, 'redirect-malformed', 'no "state"');
  },
);

it('rejects a response JWT without a state before the code is used', async () => {
  const behaviour = { redirect: 'jarm', parameters: { state: undefined }, pending: {} } as const;
  await bank.refusesBeforeTheCode(behaviour, 'redirect-malformed', 'no "state"');
});
