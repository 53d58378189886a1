import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Pulled } from '../../../core/accounts/pull';
import { forErrorOutput } from '../../errorOutput';
import { errorFields, toNodeError } from '../../nodeError';

/** The result for one input item: what was read of each account, and why the rest is missing. */
export interface Outcome {
  readonly pulled: readonly Pulled[];
  /** The error of an item for which nothing was read. */
  readonly failure?: unknown;
}

/** The first failure of an item in the order of the output; `undefined` if it succeeded. */
export function failureOf({ pulled, failure }: Outcome): unknown {
  return failure ?? pulled.find((part) => part.failure)?.failure;
}

/** The output items of an input item: for each account the rows that were read, then its failure. */
export function outputItems(
  context: IExecuteFunctions,
  { pulled, failure }: Outcome,
  itemIndex: number,
): INodeExecutionData[] {
  const pairedItem = { item: itemIndex };
  const items: INodeExecutionData[] = [];
  for (const part of pulled) {
    for (const row of part.rows) items.push({ json: row as IDataObject, pairedItem });
    if (part.failure) items.push(errorItem(context, part.failure, itemIndex, part.accountId));
  }
  if (failure !== undefined) items.push(errorItem(context, failure, itemIndex));
  return items;
}

/** Fields of an incoming item that n8n would copy to the error output. */
const TOKENS = ['access_token', 'authorization', 'id_token', 'refresh_token'];

function errorItem(
  context: IExecuteFunctions,
  failure: unknown,
  itemIndex: number,
  accountId?: string,
): INodeExecutionData {
  const pairedItem = { item: itemIndex };
  const json: IDataObject = {
    error: errorFields(failure),
    ...(accountId !== undefined && { account_id: accountId }),
  };
  const node = context.getNode();
  if (node.onError !== 'continueErrorOutput') return { json, pairedItem };
  const incoming = context.getInputData()[itemIndex]?.json ?? {};
  for (const name of TOKENS) if (name in incoming) json[name] = undefined;
  return forErrorOutput(toNodeError(node, failure, itemIndex), json, pairedItem);
}
