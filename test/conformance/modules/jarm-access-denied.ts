import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT with a code', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with an error before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    {
      redirect: 'jarm',
      parameters: { code: undefined, error: 'access_denied' },
    },
    'access-denied',
    'access_denied',
  );
});
