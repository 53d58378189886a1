const isLong = process.env.OPEN_BANKING_RELIABILITY === 'long';

/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: [
    '<rootDir>/test/reliability/**/*.reliability.ts',
    // `npm test` has the short form of these.
    ...(isLong ? ['<rootDir>/test/properties/*.test.ts'] : []),
  ],
  testTimeout: 5 * 60_000,
  // They measure, so they get a processor each. The quick form mostly waits for time limits, and its figures are not kept.
  ...(isLong ? { maxWorkers: '100%' } : {}),
};
