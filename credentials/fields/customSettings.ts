import type { INodeProperties } from 'n8n-workflow';

/** Stands above the form. */
export const formNotice: INodeProperties = {
  displayName:
    "Fill in what the bank's e-mail says. All other settings have defaults that suit most banks: they are at the end, behind Use Custom Settings.",
  name: 'notice',
  type: 'notice',
  default: '',
};

/** The switch between the fields of the bank's e-mail and all others. n8n drops hidden values when a workflow runs. */
export const customSettingsSwitch: INodeProperties = {
  displayName: 'Use Custom Settings',
  name: 'useCustomSettings',
  type: 'boolean',
  default: false,
  description:
    'Whether the settings below take effect. If this is off, n8n ignores them and the defaults hold.',
};

/**
 * Fields that are shown only if the switch is on. A field's own condition stays in front: n8n's public API reads the first one alone.
 */
export function customSettings(fields: INodeProperties[]): INodeProperties[] {
  return fields.map((field) => ({
    ...field,
    displayOptions: { show: { ...field.displayOptions?.show, useCustomSettings: [true] } },
  }));
}
