import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the state of the authorization request', async () => {
  await bank.accepts();
});

it('refuses another one before the code is used', async () => {
  await bank.refusesBeforeTheCode({ parameters: { state: 's-2' } }, 'state-mismatch');
});

it('refuses none before the code is used', async () => {
  await bank.refusesBeforeTheCode({ parameters: { state: undefined } }, 'state-mismatch');
});
