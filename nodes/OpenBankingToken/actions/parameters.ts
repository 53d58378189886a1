import type { IDataObject } from 'n8n-workflow';
import { consentName } from '../../../core/tokens/consentName';
import type { OperationInput } from './operation';

/** A field of the node as text; empty if its value is neither a text nor a number. */
export function textParameter({ context, itemIndex }: OperationInput, name: string): string {
  return textOf(context.getNodeParameter(name, itemIndex, ''));
}

/** The field "Consent". @throws OpenBankingError `input-missing`, `consent-malformed` */
export function consentParameter({ context, itemIndex }: OperationInput): string {
  return consentName(context.getNodeParameter('consent', itemIndex, '', { extractValue: true }));
}

/** The fields under "Options" as text; empty if a value is neither a text nor a number. */
export function textOptions({ options }: OperationInput): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, textOf(value)]));
}

/** A switch under "Options". */
export function switchOption(
  { options }: OperationInput,
  name: string,
  defaultValue: boolean,
): boolean {
  const { [name]: value = defaultValue } = options;
  return value === true;
}

/** The incoming item. */
export function itemOf({ context, itemIndex }: OperationInput): IDataObject {
  return context.getInputData()[itemIndex]?.json ?? {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
