/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testTimeout: 15 * 60_000,
  // Starts of n8n and its editor take most of the time, and they keep one processor busy each.
  maxWorkers: 2,
};
