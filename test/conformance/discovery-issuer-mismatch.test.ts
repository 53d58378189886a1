import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts metadata of the issuer of the credential', async () => {
  const claims = { iss: bank.url };
  await bank.accepts({
    credential: { bank: 'discovery', issuer: bank.url },
    redirectIdToken: { claims },
    idToken: { claims },
  });
});

it('refuses metadata that names another issuer before the code is used', async () => {
  // The same server under another name.
  const issuer = `${bank.url}/`;
  await bank.refusesBeforeTheCode(
    { credential: { bank: 'discovery', issuer } },
    'discovery-issuer-mismatch',
  );
});
