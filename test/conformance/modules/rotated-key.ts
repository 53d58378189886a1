import { jwk, otherKey } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const signed = { key: otherKey, header: { kid: 'bank-2' } };

it('accepts ID tokens with a new key that the bank published after its keys were fetched', async () => {
  await bank.accepts();
  const keys = [await jwk(otherKey, 'bank-2')];
  const exchanged = await bank.exchange(
    { keys, redirectIdToken: signed, idToken: signed },
    { isKnownClient: true },
  );
  expect(exchanged).toMatchObject({ code: undefined, used: { grants: 1, accessTokens: 1 } });
  expect(bank.keyRequests).toBe(1);
});

it('rejects an ID token with a key that the bank does not publish before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirectIdToken: signed }, 'jwt-signature');
});
