import { isSafeObjectProperty, type IExecuteFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';

/** Functions that the token node calls, and that n8n does not have from the beginning. */
const called = ['addExecutionHints', 'getExecutionCancelSignal'] as const;

/**
 * Makes sure that n8n has what the token node calls, before a token is received that would be lost with the failure.
 *
 * @throws OpenBankingError `n8n-too-old`
 */
export function requireN8n(context: IExecuteFunctions): void {
  if (typeof isSafeObjectProperty === 'function' && called.every((name) => name in context)) return;
  throw new OpenBankingError('n8n-too-old', {
    message: 'This package needs a later n8n than this one',
  });
}
