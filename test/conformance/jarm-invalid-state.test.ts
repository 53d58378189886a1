import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses another state before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', parameters: { state: 's-2' } },
    'state-mismatch',
  );
});
