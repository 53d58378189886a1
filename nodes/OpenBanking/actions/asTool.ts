import type { IExecuteFunctions } from 'n8n-workflow';

/** Whether a language model runs the node. n8n adds this ending to the type of a node that is used as a tool. */
export function isTool(context: IExecuteFunctions): boolean {
  return context.getNode().type.endsWith('Tool');
}
