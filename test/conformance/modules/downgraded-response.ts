import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const signedAnswer = { responseType: 'code', responseMode: 'jwt' };

it('accepts an unsigned redirect if no signature was asked for', async () => {
  await bank.accepts({ redirect: 'code', pending: { responseType: 'code' } });
});

it('rejects an unsigned redirect before the code is used if an ID token was asked for', async () => {
  const behaviour = { redirect: 'code', pending: {} } as const;
  await bank.refusesBeforeTheCode(behaviour, 'redirect-incomplete', 'ID token');
});

it.each(['code', 'hybrid'] as const)(
  'rejects a redirect of the kind "%s" before the code is used if a response JWT was asked for',
  async (redirect) => {
    const behaviour = { redirect, pending: signedAnswer };
    await bank.refusesBeforeTheCode(behaviour, 'redirect-incomplete', '"response"');
  },
);
