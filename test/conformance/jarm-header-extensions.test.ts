import { clientKey, misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses a critical extension before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { addedHeader: { crit: ['x'], x: 1 } } },
    'response-jwt-extension',
  );
});

it('refuses compression before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { addedHeader: { zip: 'DEF' } } },
    'response-jwt-extension',
  );
});

it('refuses compression of an encrypted one before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { encryptFor: clientKey, addedHeader: { zip: 'DEF' } } },
    'response-jwt-extension',
  );
});
