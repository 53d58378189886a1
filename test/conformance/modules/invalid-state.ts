import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect with the state of the authorization request', async () => {
  await bank.accepts();
});

it('rejects a redirect with another state before the code is used', async () => {
  await bank.refusesBeforeTheCode({ parameters: { state: 's-2' } }, 'state-mismatch', '"state"');
});

it('rejects a redirect without a state before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { parameters: { state: undefined } },
    'state-mismatch',
    '"state"',
  );
});
