/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/reliability/**/*.reliability.ts'],
  testTimeout: 5 * 60_000,
  // These measure, so they do not wait for each other's processes.
  maxWorkers: '100%',
};
