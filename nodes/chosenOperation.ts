import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

/** The operations of a node by resource and name, as saved workflows have them. */
export type Operations<Operation> = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** n8n adds this value to the resources and operations of a node if HTTP Request can use its credential. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/**
 * The operation that the node is set to.
 *
 * @throws NodeOperationError if n8n's "Custom API Call" or an unknown operation is chosen
 */
export function chosenOperation<Operation>(
  context: IExecuteFunctions,
  operations: Operations<Operation>,
): Operation {
  const resource = String(context.getNodeParameter('resource', 0, ''));
  const name = String(context.getNodeParameter('operation', 0, ''));
  if ([resource, name].includes(CUSTOM_API_CALL)) {
    throw new NodeOperationError(
      context.getNode(),
      'To make a custom API call, use the HTTP Request node: set its "Authentication" to "Predefined Credential Type", its "Credential Type" to "Open Banking API", and choose the credential of this node',
    );
  }
  const ofResource = Object.hasOwn(operations, resource) ? operations[resource]! : {};
  if (Object.hasOwn(ofResource, name)) return ofResource[name]!;
  throw new NodeOperationError(
    context.getNode(),
    `This version of the node does not know the operation "${name}" of the resource "${resource}"`,
  );
}
