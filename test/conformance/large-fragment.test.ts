import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect of usual size', async () => {
  await bank.accepts();
});

it('refuses one of 1 MB at once, before the code is used', async () => {
  const started = performance.now();
  await bank.refusesBeforeTheCode(
    { appended: `&x=${'x'.repeat(1_000_000)}` },
    'redirect-too-large',
  );
  // Far from any honest figure: a pattern that runs away takes minutes.
  expect(performance.now() - started).toBeLessThan(10_000);
});
