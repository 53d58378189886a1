/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testTimeout: 15 * 60_000,
  // Each file mostly waits for its n8n, which needs a gigabyte of memory with the browser.
  maxWorkers: 3,
};
