import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses one that reports a failure before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    {
      redirect: 'jarm',
      parameters: { code: undefined, error: 'access_denied' },
    },
    'access-denied',
  );
});
