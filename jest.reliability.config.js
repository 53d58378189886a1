/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/reliability/**/*.reliability.ts'],
  testTimeout: 5 * 60_000,
};
