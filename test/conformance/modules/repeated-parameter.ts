import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect with each parameter once', async () => {
  await bank.accepts();
});

it('rejects a redirect with two codes before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { appended: '&code=another' },
    'redirect-malformed',
    'more than once',
  );
});

it('rejects a redirect with two states before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { appended: '&state=s-1' },
    'redirect-malformed',
    'more than once',
  );
});

it('rejects a redirect with two ID tokens before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { appended: '&id_token=e.y.J' },
    'redirect-malformed',
    'more than once',
  );
});
