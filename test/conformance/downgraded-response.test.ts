import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const signedAnswer = { responseType: 'code', responseMode: 'jwt' };

it('accepts a code alone where nothing else was asked for', async () => {
  await bank.accepts({ redirect: 'code', pending: { responseType: 'code' } });
});

it('refuses it where an ID token was asked for before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirect: 'code', pending: {} }, 'redirect-incomplete');
});

it.each(['code', 'hybrid'] as const)(
  'refuses the answer "%s" where a response JWT was asked for before the code is used',
  async (redirect) => {
    await bank.refusesBeforeTheCode({ redirect, pending: signedAnswer }, 'redirect-incomplete');
  },
);
