import { otherKey } from '../../support/bank/idTokens';
import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT that is not encrypted', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('accepts a response JWT that is encrypted for this client', async () => {
  await bank.accepts({ redirect: 'jarm', responseJwt: { encryptFor: clientKey } });
});

it('rejects a response JWT that is encrypted for another key before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { encryptFor: otherKey } },
    'jwt-decryption',
  );
});

it('rejects a response JWT that is encrypted but not signed before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { encryptFor: clientKey, unsigned: true } },
    'jwt-algorithm',
  );
});
