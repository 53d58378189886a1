import { NodeHelpers, type INodeProperties } from 'n8n-workflow';

/** When the trigger looks for something new: the field of n8n's own polling triggers, with another default. */
export const timesField: INodeProperties = {
  displayName: 'Poll Times',
  name: 'times',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Poll Time' },
  default: { item: [{ mode: 'everyX', value: 1, unit: 'hours' }] },
  placeholder: 'Add Poll Time',
  description:
    'When the trigger looks for something new. It also looks when the workflow is published.',
  options: NodeHelpers.cronNodeOptions,
};
