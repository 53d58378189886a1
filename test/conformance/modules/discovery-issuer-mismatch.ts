import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts metadata with the issuer of the credential', async () => {
  const claims = { iss: bank.url };
  await bank.accepts({
    credential: { bank: 'discovery', issuer: bank.url },
    redirectIdToken: { claims },
    idToken: { claims },
  });
});

it('rejects metadata with another issuer before the code is used', async () => {
  // Another name of the same server.
  const issuer = `${bank.url}/`;
  await bank.refusesBeforeTheCode(
    { credential: { bank: 'discovery', issuer } },
    'discovery-issuer-mismatch',
    'issuer',
  );
});
