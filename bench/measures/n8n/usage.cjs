/**
 * n8n loads this file before its own code. It answers messages with the CPU time of the process, and with its resident memory, now and at
 * its highest since the last message. A separate thread reads the memory every five milliseconds, also while n8n computes.
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
