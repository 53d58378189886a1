import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { certificateDates } from '../../../core/keys/certificateDates';
import { clientOf } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import type { ConsentSettings } from '../../../core/tokens/settings';
import { chosenOperation, type Operations } from '../../chosenOperation';
import { addHint } from '../../executionHints';
import { toNodeError } from '../../nodeError';
import { itemsAtOnceOption } from '../../parameters';
import { requireN8n } from '../../requireN8n';
import { createUrl } from './authorization/createUrl.operation';
import type { Operation } from './operation';
import { failureOf, outputItems, type Outcome } from './outputItems';
import { sign } from './payload/sign.operation';
import { verify } from './payload/verify.operation';
import { application } from './token/application.operation';
import { exchange } from './token/exchange.operation';
import { introspect } from './token/introspect.operation';
import { list } from './token/list.operation';
import { refresh } from './token/refresh.operation';
import { revoke } from './token/revoke.operation';
import { valid } from './token/valid.operation';

/** The operations by resource and name, as saved workflows have them. */
const operations: Operations<Operation> = {
  token: { exchange, refresh, application, valid, revoke, introspect, list },
  authorization: { createUrl },
  payload: { sign, verify },
};

/**
 * Executes the chosen operation for the items, several at once. The output has the order of the input, except with "Retry On Fail".
 *
 * A failed item stops the node, unless the node continues on failure. An item whose received tokens fail a check is a failed item. But if
 * other items have received tokens of a customer that passed, the node returns all items, the failed ones with their error: otherwise
 * these tokens would be lost.
 *
 * n8n's "Retry On Fail" runs the node again if it throws, or if its first item has an `error`. The tokens of the first run are then lost,
 * except those that `UsedGrants` still has. So if other items have received tokens, failed items come last: n8n does not run the node
 * again.
 */
export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  try {
    requireN8n(context);
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0);
  }
  const operation = chosenOperation(context, operations);
  const continues = context.continueOnFail();
  const outcomes = await outcomesOf(context, operation, itemsAtOnceOption(context), continues);

  const failures = outcomes.map(failureOf);
  const failed = failures.findIndex((failure) => failure !== undefined);
  const wouldLose = operation.yieldsUserTokens && failures.includes(undefined);
  if (failed >= 0 && !continues) {
    const error = toNodeError(context.getNode(), thrownFor(outcomes[failed]!), failed);
    if (!wouldLose) throw error;
    addHint(
      context,
      `Item ${failed}: ${error.message}. The workflow goes on, because other items received tokens that would be lost otherwise.`,
    );
  }
  for (const remark of remarksOf(outcomes)) addHint(context, remark);
  const order = [...outcomes.keys()];
  if (failed >= 0 && wouldLose && context.getNode().retryOnFail) {
    const isFailed = (index: number) => Number(failures[index] !== undefined);
    order.sort((one, other) => isFailed(one) - isFailed(other));
    addHint(context, FAILED_LAST);
  }
  return [order.flatMap((index) => outputItems(context, outcomes[index]!, index))];
}

const FAILED_LAST =
  'The items that failed come last, and "Retry On Fail" does not run the node again: the tokens of the other items would be lost.';

/** The failure of an item. n8n shows no warnings of a node that fails, so those about received tokens are in its description. */
function thrownFor(outcome: Outcome): unknown {
  const failure = failureOf(outcome);
  if ('failure' in outcome || !(failure instanceof OpenBankingError)) return failure;
  return failure.with({ description: [failure.description, ...outcome.output.remarks].join(' ') });
}

/**
 * Executes the items. Starts no further items after a failure (unless the node continues on failure) or after the execution is cancelled.
 * Items in progress are finished.
 */
async function outcomesOf(
  context: IExecuteFunctions,
  operation: Operation,
  concurrency: number,
  continues: boolean,
): Promise<Outcome[]> {
  const items = context.getInputData();
  const outcomes = items.map((): Outcome => ({ failure: notAttempted() }));
  const cancelled = context.getExecutionCancelSignal();
  let next = 0;
  let stopped = false;
  const worker = async () => {
    while (next < items.length && !stopped && !cancelled?.aborted) {
      const itemIndex = next++;
      const outcome = await outcomeOf(context, operation, itemIndex);
      outcomes[itemIndex] = outcome;
      if (failureOf(outcome) !== undefined) stopped = !continues;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return outcomes;
}

async function outcomeOf(
  context: IExecuteFunctions,
  operation: Operation,
  itemIndex: number,
): Promise<Outcome> {
  try {
    return await executeItem(context, operation, itemIndex);
  } catch (error) {
    return { failure: error };
  }
}

/** @throws any error of the operation */
async function executeItem(
  context: IExecuteFunctions,
  operation: Operation,
  itemIndex: number,
): Promise<Outcome> {
  const settings = await context.getCredentials<BankSettings & ConsentSettings>(
    'openBankingApi',
    itemIndex,
  );
  const client = await clientOf(settings);
  // Read once for each item: n8n evaluates its expressions at each reading.
  const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
  const output = await operation.execute({ context, itemIndex, options, client, settings });
  return { output, profile: client.profile };
}

/** The warnings of all items, each text once. */
function remarksOf(outcomes: Outcome[]): Set<string> {
  const remarks = new Set<string>(sharedNames(outcomes));
  for (const outcome of outcomes) {
    if ('failure' in outcome) continue;
    outcome.output.remarks.forEach((remark) => remarks.add(remark));
    for (const { text } of certificateDates(outcome.profile)) remarks.add(text);
  }
  return remarks;
}

/** A warning for each name under which several items stored different tokens: the last ones replace the others. */
function sharedNames(outcomes: Outcome[]): string[] {
  const names = new Map<string, { items: number[]; tokens: Set<unknown> }>();
  outcomes.forEach((outcome, itemIndex) => {
    if ('failure' in outcome || outcome.output.failedCheck) return;
    const { stored } = outcome.output;
    if (!stored) return;
    const { items, tokens } = names.get(stored.consent) ?? { items: [], tokens: new Set() };
    names.set(stored.consent, {
      items: [...items, itemIndex],
      tokens: tokens.add(stored.accessToken),
    });
  });
  return [...names]
    .filter(([, { tokens }]) => tokens.size > 1)
    .map(
      ([name, { items }]) =>
        `Items ${items.join(', ')} stored their tokens under one name, "${name}": only one of them is found by it. Give each consent a name of its own, for example {{ $json.consent_id }}.`,
    );
}

function notAttempted(): OpenBankingError {
  return new OpenBankingError('not-attempted', {
    outcome: 'not-sent',
  });
}
