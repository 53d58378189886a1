import { halfHash } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts an ID token with the hash of the code', async () => {
  await bank.accepts();
});

it('rejects an ID token with the hash of another code in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { c_hash: halfHash('other') } } },
    'id-token-binding',
    'c_hash',
  );
});

it('rejects an ID token without the hash of the code in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { c_hash: undefined } } },
    'id-token-binding',
    'c_hash',
  );
});

it('accepts an ID token with the hash of the code from the token endpoint', async () => {
  const code = 'code-of-the-bank-1';
  const claims = { c_hash: halfHash(code) };
  await bank.accepts({ redirect: 'code', parameters: { code }, idToken: { claims } });
});

it('rejects an ID token with the hash of another code from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { c_hash: halfHash('other') } } },
    'id-token-binding',
    'c_hash',
  );
});
