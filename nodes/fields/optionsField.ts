import type { INodeProperties } from 'n8n-workflow';

const atOnceField = {
  displayName: 'Items at Once',
  name: 'concurrency',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
  default: 5,
} as const satisfies INodeProperties;

/** The values of the option "Items at Once". */
export const AT_ONCE = {
  default: atOnceField.default,
  minimum: atOnceField.typeOptions.minValue,
  maximum: atOnceField.typeOptions.maxValue,
};

/** The option "Items at Once". */
export function itemsAtOnce(description: string): INodeProperties {
  return { ...atOnceField, description };
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
