import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Profile } from '../../../oauth/profile';
import type { ReceivedTokens } from '../../../oauth/tokenSet';

/** One operation of the node: its fields, and what it does for one item. */
export interface Operation {
  /** Shown where this operation is chosen. */
  fields: INodeProperties[];
  /** Whether it yields tokens that cost a customer's consent when they are lost. */
  yieldsUserTokens: boolean;
  /**
   * Reads the fields for one item and asks the bank.
   *
   * @throws OpenBankingError
   */
  execute(context: IExecuteFunctions, profile: Profile, itemIndex: number): Promise<ReceivedTokens>;
}

/** Shows fields for one operation of the resource Token only. */
export function shownFor(operation: string, fields: INodeProperties[]): INodeProperties[] {
  return fields.map((field) => ({
    ...field,
    displayOptions: { show: { resource: ['token'], operation: [operation] } },
  }));
}

/** Fields of "Options" that every operation has. */
export const commonOptions: INodeProperties[] = [
  {
    displayName: 'Items at Once',
    name: 'concurrency',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
    default: 5,
    description: 'How many items are worked on at the same time, each over a connection of its own',
  },
];

/** A field of the node as text; empty where an expression yields nothing, or something that is no text. */
export function textParameter(context: IExecuteFunctions, name: string, itemIndex: number): string {
  return asText(context.getNodeParameter(name, itemIndex, ''));
}

/** What is set under "Options", as text. */
export function textOptions(
  context: IExecuteFunctions,
  itemIndex: number,
): Record<string, string | undefined> {
  const options = context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
