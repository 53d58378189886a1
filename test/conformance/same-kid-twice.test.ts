import { bankJwk, jwk, otherKey } from '../support/bank/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens of a bank that publishes a key ID twice', async () => {
  await bank.accepts({ keys: [await jwk(otherKey, 'bank-1'), await bankJwk()] });
});

it('rejects an ID token that none of the keys of its ID signed before the code is used', async () => {
  const keys = [await bankJwk(), await bankJwk()];
  await bank.refusesBeforeTheCode(
    { keys, redirectIdToken: { key: otherKey } },
    'jwt-signature',
    '"bank-1"',
  );
});

it('rejects an ID token with a key ID that the bank does not publish, and names both, before the code is used', async () => {
  const redirectIdToken = { header: { kid: 'bank-1_PS256' } };
  await bank.refusesBeforeTheCode({ redirectIdToken }, 'jwt-signature', '"bank-1_PS256"');
});
