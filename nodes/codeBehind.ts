import type { INode } from 'n8n-workflow';

/**
 * Waits for the code behind a node, which is imported at its first use.
 *
 * @throws NodeOperationError if this Node.js cannot load it (`version-too-old`)
 */
export async function codeBehind<Code>(node: INode, code: Promise<Code>): Promise<Code> {
  try {
    return await code;
  } catch (error) {
    const { toNodeError } = await import('./nodeError');
    throw toNodeError(node, error, 0);
  }
}
