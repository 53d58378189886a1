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
  // The long form measures, so each file gets a processor. The quick form mostly waits, and has as many workers as `npm test`.
  ...(isLong ? { maxWorkers: '100%' } : {}),
};
