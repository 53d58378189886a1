import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const none = { state: '', nonce: '', consentId: '' };

it('accepts an address with an unknown state if a person pasted it', async () => {
  await bank.accepts({ options: none });
});

it('accepts it also if the field was in expression mode, as in a new node', async () => {
  await bank.accepts({ options: none, isPastedAsExpression: true });
});

it('refuses one that an expression yields before the code is used', async () => {
  await bank.refusesBeforeTheCode({ pending: { state: 's-2' } }, 'redirect-state-unknown');
});
