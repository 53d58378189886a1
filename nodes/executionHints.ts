import type { IExecuteFunctions } from 'n8n-workflow';
import { visible } from '../core/lib/visible';

/** Shows a warning beside the output of the node. */
export function addHint(context: IExecuteFunctions, message: string): void {
  context.addExecutionHints({ message: visible(message), type: 'warning', location: 'outputPane' });
}
