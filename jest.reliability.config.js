/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/reliability/**/*.reliability.ts'],
  testTimeout: 5 * 60_000,
  // They measure, so they get a processor each.
  maxWorkers: '100%',
};
