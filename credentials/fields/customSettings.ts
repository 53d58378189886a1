import type { INodeProperties } from 'n8n-workflow';

/** The notice above the form. */
export const formNotice: INodeProperties = {
  displayName:
    "Fill in what the bank's e-mail says. All other settings have defaults that suit most banks: they are at the end, behind Use Custom Settings.",
  name: 'notice',
  type: 'notice',
  default: '',
};

/** The switch that shows all fields that are not in the bank's e-mail. n8n drops hidden values when a workflow runs. */
export const customSettingsSwitch: INodeProperties = {
  displayName: 'Use Custom Settings',
  name: 'useCustomSettings',
  type: 'boolean',
  default: false,
  description:
    'Whether the settings below are used. If this is off, n8n ignores them and uses the defaults.',
};

/**
 * Shows fields only if the switch is on. The own condition of a field stays first: n8n's public API reads only the first condition.
 */
export function customSettings(fields: INodeProperties[]): INodeProperties[] {
  return fields.map((field) => ({
    ...field,
    displayOptions: { show: { ...field.displayOptions?.show, useCustomSettings: [true] } },
  }));
}
