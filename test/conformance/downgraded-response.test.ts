import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const signedAnswer = { responseType: 'code', responseMode: 'jwt' };

it('accepts an unsigned redirect if no signature was asked for', async () => {
  await bank.accepts({ redirect: 'code', pending: { responseType: 'code' } });
});

it('rejects an unsigned redirect before the code is used if an ID token was asked for', async () => {
  await bank.refusesBeforeTheCode({ redirect: 'code', pending: {} }, 'redirect-incomplete');
});

it.each(['code', 'hybrid'] as const)(
  'rejects a redirect of the kind "%s" before the code is used if a response JWT was asked for',
  async (redirect) => {
    await bank.refusesBeforeTheCode({ redirect, pending: signedAnswer }, 'redirect-incomplete');
  },
);
