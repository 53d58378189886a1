import {
  NodeApiError,
  NodeError,
  NodeOperationError,
  type IDataObject,
  type INode,
} from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';

/**
 * The error that stops a workflow: `NodeOperationError` for what the user configured, `NodeApiError` for what the bank or the way
 * to it brought about. Its description ends with stage and code, its context holds them.
 *
 * @param error of any origin; one of n8n's own is returned as it is
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number): NodeError {
  if (error instanceof NodeError) return error;
  if (!(error instanceof OpenBankingError)) {
    return new NodeOperationError(node, error as Error, { itemIndex });
  }
  const { message, stage, code, status } = error;
  const description = `${error.description} (${stage}: ${code})`;
  const nodeError =
    stage === 'configuration'
      ? new NodeOperationError(node, message, { description, itemIndex })
      : // Of the failure nothing but these is handed on: n8n stores what it is given.
        new NodeApiError(
          node,
          { message },
          { message, description, itemIndex, httpCode: status?.toString() },
        );
  // n8n replaces messages in which it finds the name of a common fault by words that tell less.
  nodeError.message = message;
  Object.assign(nodeError.context, { stage, code, outcome: error.outcome });
  return nodeError;
}

/** The `error` of an item that failed while the node continues. */
export function errorFields(error: unknown): IDataObject {
  if (error instanceof OpenBankingError) {
    const { message, stage, code, description } = error;
    return { message, stage, code, description };
  }
  const { message, description } = error as Error & { description?: string };
  return { message, stage: 'configuration', code: 'n8n', description };
}
