import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a key set that is there', async () => {
  await bank.accepts();
});

it('refuses where nobody answers, before the code is used', async () => {
  const credential = { jwksUri: 'https://localhost:1/jwks' };
  await bank.refusesBeforeTheCode({ credential }, 'jwks-unreachable');
});

it('refuses where the certificate is not trusted, before the code is used', async () => {
  const credential = { certificateAuthorities: '' };
  await bank.refusesBeforeTheCode({ credential }, 'server-certificate-unknown-authority');
});

it('refuses where something else than keys comes, before the code is used', async () => {
  const credential = { jwksUri: `${bank.url}/accounts` };
  await bank.refusesBeforeTheCode({ credential }, 'jwks-unreachable');
});
