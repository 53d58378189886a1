import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens if the key set can be fetched', async () => {
  await bank.accepts();
});

it('fails before the code is used if no server answers at the address of the key set', async () => {
  const credential = { jwksUri: 'https://localhost:1/jwks' };
  await bank.refusesBeforeTheCode({ credential }, 'jwks-unusable', 'localhost:1');
});

it('fails before the code is used if the server certificate at that address is not trusted', async () => {
  const credential = { certificateAuthorities: '' };
  await bank.refusesBeforeTheCode({ credential }, 'server-certificate-unknown-authority');
});

it('fails before the code is used if the answer at that address is no key set', async () => {
  const credential = { jwksUri: `${bank.url}/accounts` };
  await bank.refusesBeforeTheCode({ credential }, 'jwks-unusable');
});
