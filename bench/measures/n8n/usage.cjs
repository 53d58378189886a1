/**
 * Loaded into n8n before its own code. Answers messages with the CPU time and the resident memory of the process, now and at the highest
 * since the last message. A thread of its own reads the memory every five milliseconds, also while n8n computes.
 */
const { Worker } = require('node:worker_threads');

const peak = new Float64Array(new SharedArrayBuffer(8));
const watch = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    workerData[0] = Math.max(workerData[0], process.memoryUsage.rss());
  }, 5);
`;
const watcher = new Worker(watch, { eval: true, workerData: peak, execArgv: [], env: {} });
watcher.unref();

process.on('message', (message) => {
  if (message?.ask !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send({ peak: peak[0], now: process.memoryUsage.rss(), cpu: user + system });
  peak[0] = 0;
});
process.channel?.unref();
