import { halfHash } from '../support/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the hash of the code', async () => {
  await bank.accepts();
});

it('refuses that of another code before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { c_hash: halfHash('other') } } },
    'id-token-code-hash',
  );
});

it('refuses an ID token without one before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { c_hash: undefined } } },
    'id-token-code-hash',
  );
});

it('accepts the hash of the code from the token endpoint, too', async () => {
  const code = 'code-of-the-bank-1';
  const claims = { c_hash: halfHash(code) };
  await bank.accepts({ redirect: 'code', parameters: { code }, idToken: { claims } });
});

it('refuses that of another code from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { c_hash: halfHash('other') } } },
    'id-token-code-hash',
  );
});
