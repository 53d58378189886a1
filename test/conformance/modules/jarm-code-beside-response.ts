import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT without another code in the redirect', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with another code in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', appended: '&code=another' },
    'redirect-malformed',
    '"response"',
  );
});
