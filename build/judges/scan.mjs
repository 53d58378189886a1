/**
 * Runs the rules of n8n's scanner, `@n8n/scan-community-package`, with its own configuration. The command of the
 * scanner takes only published packages, and its `analyzePackage` returns text instead of findings.
 */
import { ESLint } from 'eslint';
import { basename } from 'node:path';

/**
 * All code and JSON of a tarball: the default of the scanner's `analyzePackage`, which is not exported. The command of the scanner examines
 * less of a tarball: no `.ts` files, and package.json as the only JSON.
 */
const TARBALL_PATTERNS = ['**/*.js', '**/*.ts', '**/*.json'];

/**
 * Examines files. As in the scanner, comments that switch rules off do not count.
 *
 * @param {string} folder with a package.json
 * @param {'sources' | 'tarball'} kind
 * @returns {Promise<ESLint.LintResult[]>}
 */
export async function scan(folder, kind) {
  // Not at the beginning: the scanner makes a temporary folder when it is loaded, and main.mjs decides where.
  const scanner = await import('@n8n/scan-community-package/scanner/scanner.mjs');
  const eslint = new ESLint({
    cwd: folder,
    allowInlineConfig: false,
    overrideConfigFile: true,
    overrideConfig: await scanner.buildScanConfig(),
    errorOnUnmatchedPattern: false,
  });
  const results = await eslint.lintFiles(
    kind === 'sources' ? scanner.SOURCE_FILE_PATTERNS : TARBALL_PATTERNS,
  );
  const names = results.map(({ filePath }) => basename(filePath));
  if (!names.includes('package.json') || !names.some((name) => /\.[jt]s$/.test(name))) {
    throw new Error(`${folder} has no package.json, or no code`);
  }
  return results;
}
