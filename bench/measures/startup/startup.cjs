/**
 * A new process that loads the package as n8n does, and then gets two tokens. It prints the time and the memory of each step.
 *
 * n8n-workflow is loaded before the clock starts, because n8n loads it anyway. This is plain JavaScript, so that Node.js loads the files
 * without a compiler.
 */
require('n8n-workflow');

const { readFileSync } = require('node:fs');
const { basename } = require('node:path');

const { files, ...bank } = JSON.parse(process.argv[2]);
const settings = {
  ...bank,
  transportCertificate: readFileSync(files.clientCertificate, 'utf8'),
  transportPrivateKey: readFileSync(files.clientKey, 'utf8'),
  certificateAuthorities: readFileSync(files.certificateAuthority, 'utf8'),
};
const root = '../../..';
/** All files that n8n loads. */
const { nodes, credentials } = require(`${root}/package.json`).n8n;

/** Resident memory in MiB after a garbage collection. */
function memory() {
  global.gc();
  return process.memoryUsage.rss() / 1024 / 1024;
}

async function step(work) {
  const before = memory();
  const started = performance.now();
  await work();
  const milliseconds = performance.now() - started;
  return { milliseconds, mebibytes: memory() - before };
}

async function refresh(refreshToken) {
  const { clientOf } = require(`${root}/dist/behind.js`)['core/oauth/client']();
  const { failedCheck } = await (await clientOf(settings)).refresh({ refreshToken });
  if (failedCheck) throw failedCheck;
}

async function measure() {
  const load = await step(() => {
    return [...nodes, ...credentials].map((file) => {
      const exported = require(`${root}/${file}`);
      // n8n also uses the class that has the name of the file.
      const { [basename(file).split('.')[0]]: Type } = exported;
      return new Type();
    });
  });
  const firstToken = await step(() => refresh('rt-first'));
  const secondToken = await step(() => refresh('rt-second'));
  console.log(JSON.stringify({ load, firstToken, secondToken }));
  process.exit();
}

void measure();
