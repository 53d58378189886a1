import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT without a code beside it', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with a code beside it before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', appended: '&code=another' },
    'redirect-malformed',
  );
});
