import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT with the client ID as "aud"', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with another "aud" before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { aud: 'another' } } },
    'jwt-audience',
    '"aud"',
  );
});

it('rejects a response JWT without "aud" before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { aud: undefined } } },
    'jwt-malformed',
    '"aud"',
  );
});

it('rejects a response JWT with another "aud" before the code is used if its state is pending', async () => {
  const behaviour = {
    redirect: 'jarm',
    pending: { responseType: 'code', responseMode: 'jwt' },
  } as const;
  await bank.accepts(behaviour);
  await bank.refusesBeforeTheCode(
    { ...behaviour, responseJwt: { claims: { aud: 'another' } } },
    'jwt-audience',
    '"aud"',
  );
});
