import { bankJwk } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const others = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ kty: 'EC', kid: `key-${index}` }));

it('accepts a key set with a hundred keys', async () => {
  await bank.accepts({ keys: [...others(99), await bankJwk()] });
});

it('rejects a key set with 10,000 keys before the code is used', async () => {
  const keys = [...others(9_999), await bankJwk()];
  await bank.refusesBeforeTheCode({ keys }, 'jwks-unusable', '10000 keys');
});

it('rejects a key set of more than 1 MiB before the code is used', async () => {
  const key = await bankJwk();
  const keys = Array.from({ length: 10_000 }, () => key);
  await bank.refusesBeforeTheCode({ keys }, 'jwks-unusable', '1 MiB');
});
