/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: [
    '<rootDir>/test/reliability/**/*.reliability.ts',
    // `npm test` has the short form of these.
    ...(process.env.OPEN_BANKING_RELIABILITY === 'long'
      ? ['<rootDir>/test/properties/*.test.ts']
      : []),
  ],
  testTimeout: 5 * 60_000,
  // They measure, so they get a processor each.
  maxWorkers: '100%',
};
