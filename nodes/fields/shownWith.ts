import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Shows fields only with these values of other fields, besides the conditions that the fields already have. */
export function shownWith(
  show: NonNullable<IDisplayOptions['show']>,
  fields: INodeProperties[],
): INodeProperties[] {
  return fields.map((field) => ({
    ...field,
    displayOptions: {
      ...field.displayOptions,
      show: { ...show, ...field.displayOptions?.show },
    },
  }));
}
