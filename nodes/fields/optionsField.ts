import type { INodeProperties } from 'n8n-workflow';

/** The option "Items at Once". */
export function itemsAtOnce(description: string): INodeProperties {
  return {
    displayName: 'Items at Once',
    name: 'concurrency',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
    default: 5,
    description,
  };
}

/** The collection "Options" of an operation, with these options in the order of their names. */
export function optionsField(...options: INodeProperties[]): INodeProperties {
  return {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    options: options.sort((a, b) => a.displayName.localeCompare(b.displayName)),
  };
}
