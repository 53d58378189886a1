import type { IDataObject, INodeExecutionData, IPairedItemData } from 'n8n-workflow';

/**
 * An item that n8n routes to the error output with all its fields.
 *
 * n8n routes an item by its property `error`, copies it, and then replaces the JSON of each item that still has this property. A property
 * that is not enumerable is not copied. n8n adds the fields of the incoming item that this item does not have.
 */
export function forErrorOutput(
  error: Error,
  json: IDataObject,
  pairedItem: IPairedItemData,
): INodeExecutionData {
  const item: INodeExecutionData = { json, pairedItem };
  return Object.defineProperty(item, 'error', { value: error, enumerable: false });
}
