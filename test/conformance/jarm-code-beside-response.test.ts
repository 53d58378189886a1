import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses a code beside it before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', appended: '&code=another' },
    'redirect-malformed',
  );
});
