import { otherKey } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT that a key of the bank signed', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT that another key signed before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { key: otherKey } },
    'jwt-signature',
  );
});
