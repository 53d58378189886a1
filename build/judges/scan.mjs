/**
 * Runs the rules of n8n's scanner, `@n8n/scan-community-package`, with its own configuration. The scanner itself takes only packages that
 * are published.
 */
import { ESLint } from 'eslint';
import { basename } from 'node:path';

/** The files of a tarball that the scanner examines. */
const TARBALL_PATTERNS = ['**/*.js', '**/*.ts', '**/*.json'];

/**
 * Examines files. As in the scanner, comments that switch rules off do not count.
 *
 * @param {string} folder with a package.json
 * @param {'source' | 'tarball'} kind
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
    kind === 'source' ? scanner.SOURCE_FILE_PATTERNS : TARBALL_PATTERNS,
  );
  const names = results.map(({ filePath }) => basename(filePath));
  if (!names.includes('package.json') || !names.some((name) => /\.[jt]s$/.test(name))) {
    throw new Error(`${folder} has no package.json, or no code`);
  }
  return results;
}
