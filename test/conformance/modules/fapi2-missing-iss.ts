import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect with the "iss" of the credential (RFC 9207)', async () => {
  await bank.accepts(bank.redirectWith(bank.url));
});

it('rejects a redirect without the "iss" that the metadata promises before the code is used', async () => {
  await bank.refusesBeforeTheCode(bank.redirectWith(undefined), 'issuer-mismatch', '"iss"');
});
