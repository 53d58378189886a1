import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the issuer of the credential beside the code (RFC 9207)', async () => {
  await bank.accepts(bank.redirectWith(bank.url));
});

it('refuses another issuer, before the code is used', async () => {
  await bank.refusesBeforeTheCode(bank.redirectWith('https://other.example'), 'issuer-mismatch');
});
