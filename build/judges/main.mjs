/**
 * `npm run lint`: examines this package as n8n does when a package is submitted to it: first `package.json`, `nodes/` and `credentials/`,
 * then what `npm pack` puts into the tarball. `dist/` must be built. The scanner must find nothing in the sources, and in the tarball exactly
 * what accepted.json lists: docs/security.md says why it is there.
 *
 * An argument names the folder of another package.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findingsOf } from './findings.mjs';
import { scan } from './scan.mjs';
import { unpackTarball } from './tarball.mjs';
import { judge, reportOf } from './verdict.mjs';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url)));
const accepted = JSON.parse(readFileSync(new URL('accepted.json', import.meta.url), 'utf8'));

const folder = mkdtempSync(join(tmpdir(), 'open-banking-judges-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
// The scanner makes a temporary folder, and leaves it there.
const scannerFolder = join(folder, 'scanner');
mkdirSync(scannerFolder);
process.env.TMPDIR = process.env.TEMP = process.env.TMP = scannerFolder;

await examine('sources', root, []);
await examine('tarball', unpackTarball(root, join(folder, 'tarball')), accepted);

/**
 * Examines a folder, and reports what differs from the accepted findings.
 *
 * @param {'sources' | 'tarball'} kind
 * @param {string} examined
 * @param {import('./verdict.mjs').Row[]} rows
 */
async function examine(kind, examined, rows) {
  const findings = findingsOf(await scan(examined, kind), examined);
  const report = reportOf(judge(findings, rows));
  for (const line of report) console.error(`${kind}: ${line}`);
  if (report.length > 0) process.exitCode = 1;
  else
    console.log(`n8n's scanner: ${findings.length} kinds of findings in the ${kind}, as accepted`);
}
