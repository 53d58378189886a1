import type { INodeProperties } from 'n8n-workflow';

/** The longest time that an execution may take. */
export const timeLimit: INodeProperties = {
  displayName: 'Time Limit (Minutes)',
  name: 'timeLimit',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 10_080 },
  default: 60,
  description:
    'After how many minutes without an answer of n8n an execution counts as failed, so that its items come again. Without this option: after the timeout in the settings of the workflow; if there is none, after an hour.',
};
