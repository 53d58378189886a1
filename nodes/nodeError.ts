import {
  NodeApiError,
  NodeError,
  NodeOperationError,
  type IDataObject,
  type INode,
} from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';

/**
 * The error that stops a workflow: `NodeOperationError` for a mistake in the configuration, `NodeApiError` for a failure of the bank or of
 * the connection to it. The description ends with stage and code; `context` has stage, code and outcome.
 *
 * @param error any error; an error of n8n is returned unchanged
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
      : // Only these values of the failure: n8n stores everything that it is given.
        new NodeApiError(
          node,
          { message },
          { message, description, itemIndex, httpCode: status?.toString() },
        );
  // n8n replaces a message that contains the name of a common fault by a less exact one.
  nodeError.message = message;
  Object.assign(nodeError.context, { stage, code, outcome: error.outcome });
  return nodeError;
}

/** A fault of this package, as an error with stage and code. */
export function unexpected(error: unknown): OpenBankingError {
  if (error instanceof OpenBankingError) return error;
  const { message } = error as Error;
  return new OpenBankingError('request-failed', {
    message: `The answer of the bank could not be read: ${message}`,
    description:
      'This is a fault of the node. Report it with this message and the version of the package. The other accounts and items are not affected.',
  });
}

/** The `error` of a failed item if the node continues on failure. */
export function errorFields(error: unknown): IDataObject {
  if (error instanceof OpenBankingError) {
    const { message, stage, code, description } = error;
    return { message, stage, code, description };
  }
  const { message, description } = error as Error & { description?: string };
  return { message, stage: 'configuration', code: 'n8n', description };
}
