// The form of the tests reads it: n8n is killed at all moments.
process.env.OPEN_BANKING_RELIABILITY = 'long';

/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.e2e.config.js'),
  testMatch: ['<rootDir>/test/e2e/killedTriggers.e2e.ts'],
};
