/**
 * `npm run release -- <version>`: makes the commit and the tag of a release. Pushes and publishes nothing: the workflow
 * `.github/workflows/publish.yml` publishes the tag that you push.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.mjs';
import { release, ReleaseFailure } from './release.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length !== 1) {
  console.error('Usage: npm run release -- <version>');
  process.exit(1);
}

try {
  const [version] = positionals;
  const date = new Date().toISOString().slice(0, 10);
  const { tag, branch } = await release({ root, version, date, check: runChecks });
  console.log(`${tag} is committed and tagged. Look at "git show ${tag}". Push the commit to a branch of its own:

  git push origin ${branch}:release-${tag}

Open a pull request of this branch. After its checks, merge it with a merge commit. "Squash" and "rebase" would make another commit than
the tagged one. Then publish the tag:

  git pull origin ${branch}
  git push origin ${tag}`);
} catch (error) {
  if (!(error instanceof ReleaseFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
