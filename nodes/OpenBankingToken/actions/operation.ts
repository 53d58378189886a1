import type {
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
  INodeProperties,
} from 'n8n-workflow';
import type { OpenBankingError } from '../../../core/errors/OpenBankingError';
import type { Profile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import type { PendingAuthorizations } from '../../../core/tokens/pendingAuthorizations';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { jsonField } from './jsonField';

/** What an operation works on: one item, with the credential for it. */
export interface OperationInput {
  readonly context: IExecuteFunctions;
  readonly itemIndex: number;
  readonly profile: Profile;
  readonly settings: BankSettings & KeepingSettings;
}

/** What an operation made of an item. */
export interface OperationOutput {
  /** Mostly one; all of them are paired with the item. */
  readonly items: IDataObject[];
  /** A check of received tokens that failed. */
  readonly failedCheck?: OpenBankingError;
  /** What is worth a look although it went well. */
  readonly remarks: readonly string[];
}

/** One operation of the node: its fields, and what it does for one item. */
export interface Operation {
  /** Shown if this operation is chosen. */
  fields: INodeProperties[];
  /** Whether it yields tokens that cost a customer's consent when they are lost. */
  yieldsUserTokens: boolean;
  /**
   * Reads the fields for one item and asks the bank.
   *
   * @throws OpenBankingError
   */
  execute(input: OperationInput): Promise<OperationOutput>;
}

/** The stored tokens of the credential's client. */
export async function keptTokens({ profile, settings }: OperationInput): Promise<ConsentTokens> {
  const { consentTokensOf } = await import('../../../core/tokens/consentTokensOf');
  return consentTokensOf(profile, settings);
}

/** The authorizations of the credential's client that are not exchanged yet. */
export async function pendingAuthorizations({
  profile,
  settings,
}: OperationInput): Promise<PendingAuthorizations> {
  const { pendingAuthorizationsOf } = await import('../../../core/tokens/consentTokensOf');
  return pendingAuthorizationsOf(profile, settings);
}

/** Shows fields for one operation only. */
export function shownFor(
  operation: string,
  fields: INodeProperties[],
  resource = 'token',
): INodeProperties[] {
  return fields.map((field) => ({
    ...field,
    displayOptions: {
      show: { resource: [resource], operation: [operation], ...field.displayOptions?.show },
    },
  }));
}

/** What every operation has under "Options". */
const itemsAtOnce: INodeProperties = {
  displayName: 'Items at Once',
  name: 'concurrency',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
  default: 5,
  description: 'How many items are worked on at the same time, each over a connection of its own',
};

/** "Options" with these, beside what every operation has. */
export function optionsWith(...options: INodeProperties[]): INodeProperties {
  return {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    options: [itemsAtOnce, ...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
  };
}

/** What an authorization is asked for. */
export const scopeOption: INodeProperties = {
  displayName: 'Scope',
  name: 'scope',
  type: 'string',
  default: '',
  placeholder: 'e.g. openid accounts',
  description: 'Separated by spaces. Leave empty for that of the credential.',
};

/** A field of the node as text; empty if an expression yields nothing, or something that is no text. */
export function textParameter(input: OperationInput, name: string): string {
  const { context, itemIndex } = input;
  const written = context.getNodeParameter(name, itemIndex, '', { rawExpressions: true });
  return textOf(input, written, () => context.getNodeParameter(name, itemIndex, ''));
}

/**
 * A value of the node as text; empty if it is none.
 *
 * @param written the value as it is saved
 * @param evaluate lets n8n compute it, if only n8n can
 */
export function textOf(
  { context, itemIndex }: OperationInput,
  written: unknown,
  evaluate: () => unknown,
): string {
  return withoutN8n(written, context.getInputData()[itemIndex]) ?? asText(evaluate());
}

/** The incoming item. */
export function itemOf({ context, itemIndex }: OperationInput): IDataObject {
  return context.getInputData()[itemIndex]?.json ?? {};
}

/** A switch under "Options". */
export function switchOption(
  { context, itemIndex }: OperationInput,
  name: string,
  standard: boolean,
): boolean {
  return context.getNodeParameter(`options.${name}`, itemIndex, standard) === true;
}

/** What is set under "Options", as text. */
export function textOptions({
  context,
  itemIndex,
}: OperationInput): Record<string, string | undefined> {
  const written = context.getNodeParameter('options', itemIndex, {}, { rawExpressions: true });
  const item = context.getInputData()[itemIndex];
  const known = Object.entries(written).map(
    ([name, value]) => [name, withoutN8n(value, item)] as const,
  );
  if (known.every(([, text]) => text !== undefined)) return Object.fromEntries(known);
  // All of them, because one may ask for another one.
  const options = context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, asText(value)]));
}

/** The text of a parameter that n8n is not needed for; nothing where it is. */
function withoutN8n(written: unknown, item?: INodeExecutionData): string | undefined {
  const isExpression = typeof written === 'string' && written.startsWith('=');
  return isExpression ? jsonField(written, item) : asText(written);
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
