import type { IExecuteFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';

/** Functions of the context that the nodes call and that old versions of n8n lack. */
const called = ['addExecutionHints', 'getExecutionCancelSignal'] as const;

/**
 * Makes sure that n8n has the functions that the nodes call, before a node receives a token that the failure would lose.
 *
 * @throws OpenBankingError `version-too-old`
 */
export function requireN8n(context: IExecuteFunctions): void {
  if (called.every((name) => name in context)) return;
  // n8n does not tell a node its version.
  throw new OpenBankingError('version-too-old', {
    values: { part: 'This package', program: 'n8n', needed: '1.123', found: 'older' },
  });
}
