import { halfHash } from '../support/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the hash of the state', async () => {
  await bank.accepts();
});

it('refuses that of another state before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { s_hash: halfHash('other') } } },
    'id-token-state-hash',
  );
});
