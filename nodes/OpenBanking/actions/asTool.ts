import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Operation } from './operation';

/** Whether a language model runs the node. n8n adds this ending to the type of a node that is used as a tool. */
export function isTool(context: IExecuteFunctions): boolean {
  return context.getNode().type.endsWith('Tool');
}

/**
 * Makes sure that a language model reads and changes nothing, also if a saved workflow has an operation that the tool does not show.
 *
 * @throws NodeOperationError
 */
export function assertForTools(context: IExecuteFunctions, { isForTools }: Operation): void {
  if (isForTools || !isTool(context)) return;
  throw new NodeOperationError(
    context.getNode(),
    'As a tool, this node only reads. Choose another operation, or use the node in the workflow itself',
  );
}
