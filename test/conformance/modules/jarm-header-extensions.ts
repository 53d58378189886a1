import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT without "crit" and "zip" in the header', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with a critical extension before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { addedHeader: { crit: ['x'], x: 1 } } },
    'jwt-malformed',
    '"crit"',
  );
});

it('rejects a response JWT with compression before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { addedHeader: { zip: 'DEF' } } },
    'jwt-malformed',
    '"zip"',
  );
});

it('rejects an encrypted response JWT with compression before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { encryptFor: clientKey, addedHeader: { zip: 'DEF' } } },
    'jwt-malformed',
    '"zip"',
  );
});
