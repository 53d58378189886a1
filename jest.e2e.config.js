/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testTimeout: 15 * 60_000,
  // With the browser, each file keeps most of a processor busy, and needs a gigabyte of memory.
  maxWorkers: 2,
};
