import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses one for another client before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { aud: 'another' } } },
    'response-jwt-audience',
  );
});

it('refuses one for nobody before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { aud: undefined } } },
    'response-jwt-malformed',
  );
});

it('refuses one for another client that answers what is pending before the code is used', async () => {
  const behaviour = {
    redirect: 'jarm',
    pending: { responseType: 'code', responseMode: 'jwt' },
  } as const;
  await bank.accepts(behaviour);
  await bank.refusesBeforeTheCode(
    { ...behaviour, responseJwt: { claims: { aud: 'another' } } },
    'response-jwt-audience',
  );
});
