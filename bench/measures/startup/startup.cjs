/**
 * A fresh process that loads the package as n8n does, and then gets a first token: it says what each step took, and what stayed in memory.
 *
 * n8n-workflow is loaded before the clock starts, because n8n has it anyway. Plain JavaScript, so that Node.js alone loads it all.
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
const dist = `${root}/dist`;
/** All that n8n loads. */
const { nodes, credentials } = require(`${root}/package.json`).n8n;

/** Resident memory in MiB, garbage collected. */
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
  const { profileOf } = await import(`${dist}/core/profile/profile.js`);
  const { refreshTokens } = await import(`${dist}/core/oauth/grants/grants.js`);
  const { failedCheck } = await refreshTokens(await profileOf(settings), { refreshToken });
  if (failedCheck) throw failedCheck;
}

async function measure() {
  const load = await step(() => {
    return [...nodes, ...credentials].map((file) => {
      const exported = require(`${root}/${file}`);
      // n8n, too, takes the class that has the file's name.
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
