import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/**
 * The field "Operation" twice: with all operations, and for the node as a tool of a language model with these alone.
 *
 * @param forTools values of operations
 */
export function withToolOperations(
  field: INodeProperties,
  forTools: readonly string[],
): INodeProperties[] {
  const all = field.options as INodePropertyOptions[];
  const options = all.filter(({ value }) => forTools.includes(String(value)));
  return [
    { ...field, displayOptions: { hide: { '@tool': [true] } } },
    { ...field, options, displayOptions: { show: { '@tool': [true] } } },
  ];
}
