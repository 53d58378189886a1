const { mkdtempSync, rmSync } = require('node:fs');
const { availableParallelism, tmpdir } = require('node:os');
const { join } = require('node:path');

// n8n-core logs the failures that the tests provoke.
process.env.N8N_LOG_LEVEL ??= 'silent';
// The servers of the tests are on this machine. A proxy that the environment names for npm cannot reach them.
const { NO_PROXY, no_proxy = NO_PROXY } = process.env;
process.env.no_proxy = process.env.NO_PROXY = [no_proxy, 'localhost', '127.0.0.1']
  .filter(Boolean)
  .join();

// The tests store tokens in a folder of their own, not in the folder of n8n's user.
const run = mkdtempSync(join(tmpdir(), 'open-banking-tests-'));
process.on('exit', () => rmSync(run, { recursive: true, force: true }));
process.env.N8N_USER_FOLDER = run;
process.env.OPEN_BANKING_TEST_RUN = run;

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The n8n of the demonstration, and the Node.js of the tests.
  modulePathIgnorePatterns: ['<rootDir>/.demo/', '<rootDir>/.node/'],
  // jest needs CommonJS, and some packages exist only as ES modules.
  transform: { '\\.(ts|m?js)$': ['@swc/jest', { module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  testTimeout: 30_000,
  // The slowest tests mostly wait, so there are more workers than processors.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
