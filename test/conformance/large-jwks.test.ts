import { bankJwk } from '../support/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const others = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ kty: 'EC', kid: `key-${index}` }));

it('accepts a key among a hundred', async () => {
  await bank.accepts({ keys: [...others(99), await bankJwk()] });
});

it('refuses 10,000 keys before the code is used', async () => {
  await bank.refusesBeforeTheCode({ keys: [...others(9_999), await bankJwk()] }, 'jwks-too-large');
});

it('refuses more than 1 MiB of keys before the code is used', async () => {
  const key = await bankJwk();
  const keys = Array.from({ length: 10_000 }, () => key);
  await bank.refusesBeforeTheCode({ keys }, 'jwks-too-large');
});
