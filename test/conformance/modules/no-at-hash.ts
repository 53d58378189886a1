import { halfHash } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts an ID token without the hash of the access token', async () => {
  await bank.accepts({ idToken: { claims: { at_hash: undefined } } });
});

it('rejects an ID token with the hash of another access token from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { at_hash: halfHash('other') } } },
    'id-token-binding',
    'at_hash',
  );
});
