/**
 * Adds up the reports of the runners, prints `N passed, N failed`, and exits 1 unless everything passed.
 *
 * Arguments: `<name>=<exit code>`. A name that ends in `.json` is the report that `jest --json` wrote;
 * any other is a command that counts as one.
 */
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
let skipped = 0;

for (const argument of process.argv.slice(2)) {
  const [name, code] = argument.split('=');
  if (name.endsWith('.json')) countReport(name, code);
  else if (code === '0') passed += 1;
  else countFailure(`${name} ended with ${code}`);
}

console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function countReport(file, code) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return countFailure(`${file} was not written: its command ended with ${code}`);
  }
  if (report.numTotalTests === 0) return countFailure(`${file} has no tests`);
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests;
  // A suite that cannot be loaded has no tests that could fail.
  for (let suite = 0; suite < report.numRuntimeErrorTestSuites; suite += 1) {
    countFailure(`${file} has a suite that could not run`);
  }
  // All tests passed, but the command hung, or crashed at its end.
  if (code !== '0' && report.success) countFailure(`${file}: its command ended with ${code}`);
}

function countFailure(reason) {
  console.error(`failed: ${reason}`);
  failed += 1;
}
