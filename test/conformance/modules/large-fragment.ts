import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a redirect of usual size', async () => {
  await bank.accepts();
});

it('rejects a redirect of 1 MB within seconds, before the code is used', async () => {
  const started = performance.now();
  await bank.refusesBeforeTheCode(
    { appended: `&x=${'x'.repeat(1_000_000)}` },
    'redirect-too-large',
    '65,536',
  );
  // A regular expression with exponential backtracking would take minutes.
  expect(performance.now() - started).toBeLessThan(10_000);
});
