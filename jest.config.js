const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// n8n-core logs the failures that the tests provoke.
process.env.N8N_LOG_LEVEL ??= 'silent';
// The servers of the tests are on this machine, whatever proxy the environment names for npm.
const { NO_PROXY, no_proxy = NO_PROXY } = process.env;
process.env.no_proxy = process.env.NO_PROXY = [no_proxy, 'localhost', '127.0.0.1']
  .filter(Boolean)
  .join();

// What the tests keep is not kept with what n8n's user keeps.
const run = mkdtempSync(join(tmpdir(), 'open-banking-tests-'));
process.on('exit', () => rmSync(run, { recursive: true, force: true }));
process.env.N8N_USER_FOLDER = run;
process.env.OPEN_BANKING_TEST_RUN = run;

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/freshBuild.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The n8n that the demonstration installs, the Node.js that the tests do, and the copy of package.json that tsc makes.
  modulePathIgnorePatterns: ['<rootDir>/.demo/', '<rootDir>/.node/', '<rootDir>/dist/package.json'],
  // Packages that exist as ES modules only have to be turned into CommonJS for jest.
  transform: { '\\.(ts|m?js)$': ['@swc/jest', { module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  testTimeout: 30_000,
  // jest would leave one of two processors idle.
  maxWorkers: '100%',
};
