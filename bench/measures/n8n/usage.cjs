/**
 * Loaded into n8n before its own code: tells whoever started it what the process has used: CPU time, and resident memory, now and at its
 * peak since it was asked last. A thread of its own looks at the memory every five milliseconds, also while n8n computes.
 */
const { Worker } = require('node:worker_threads');

const peak = new Float64Array(new SharedArrayBuffer(8));
const look = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    workerData[0] = Math.max(workerData[0], process.memoryUsage.rss());
  }, 5);
`;
const watcher = new Worker(look, { eval: true, workerData: peak, execArgv: [], env: {} });
watcher.unref();

process.on('message', (message) => {
  if (message?.ask !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send({ peak: peak[0], now: process.memoryUsage.rss(), cpu: user + system });
  peak[0] = 0;
});
process.channel?.unref();
