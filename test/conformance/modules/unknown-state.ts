import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const none = { state: '', nonce: '', consentId: '' };

it('accepts a redirect with an unknown state if a person pasted it', async () => {
  await bank.accepts({ options: none });
});

it('accepts a redirect with an unknown state if a person pasted it into a field in expression mode', async () => {
  await bank.accepts({ options: none, isPastedAsExpression: true });
});

it('rejects a redirect with an unknown state before the code is used if an expression returned it', async () => {
  await bank.refusesBeforeTheCode(
    { pending: { state: 's-2' } },
    'redirect-state-unknown',
    '"state"',
  );
});
