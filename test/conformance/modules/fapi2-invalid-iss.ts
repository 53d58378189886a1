import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect with the "iss" of the credential (RFC 9207)', async () => {
  await bank.accepts(bank.redirectWith(bank.url));
});

it('rejects a redirect with another "iss" before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    bank.redirectWith('https://other.example'),
    'issuer-mismatch',
    '"iss"',
  );
});
