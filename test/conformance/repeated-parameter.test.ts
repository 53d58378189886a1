import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts every parameter once', async () => {
  await bank.accepts();
});

it('refuses a second code before the code is used', async () => {
  await bank.refusesBeforeTheCode({ appended: '&code=another' }, 'redirect-parameter-repeated');
});

it('refuses a second state before the code is used', async () => {
  await bank.refusesBeforeTheCode({ appended: '&state=s-1' }, 'redirect-parameter-repeated');
});

it('refuses a second ID token before the code is used', async () => {
  await bank.refusesBeforeTheCode({ appended: '&id_token=e.y.J' }, 'redirect-parameter-repeated');
});
