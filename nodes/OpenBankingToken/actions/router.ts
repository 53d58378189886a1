// First: it replaces the error that an old Node.js throws for the libraries below.
import '../../../core/profile/requireNode';
import {
  NodeOperationError,
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
} from 'n8n-workflow';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { certificateDates, expiresSoon } from '../../../core/keys/certificateDates';
import { clientOf } from '../../../core/oauth/client';
import type { Profile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { errorFields, toNodeError } from '../../nodeError';
import { requireN8n } from '../../requireN8n';
import { createUrl } from './authorization/createUrl.operation';
import type { Operation, OperationOutput } from './operation';
import { application } from './token/application.operation';
import { exchange } from './token/exchange.operation';
import { introspect } from './token/introspect.operation';
import { list } from './token/list.operation';
import { withFields } from './token/output';
import { refresh } from './token/refresh.operation';
import { revoke } from './token/revoke.operation';
import { valid } from './token/valid.operation';

type Outcome = { output: OperationOutput; profile: Profile } | { failure: unknown };

/** The operations by resource and name, as saved workflows have them. */
const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  token: { exchange, refresh, application, valid, revoke, introspect, list },
  authorization: { createUrl },
};

/**
 * Executes the chosen operation for the items, several at once, and returns the output in the order of the input.
 *
 * A failed item stops the node, unless the node continues on failure. But if other items have received tokens of a customer, the node
 * returns all items, the failed ones with their error: otherwise these tokens would be lost.
 */
export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  try {
    requireN8n(context);
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0);
  }
  const operation = chosenOperation(context);
  // Only this option: an expression in another option may fail, and then only its item fails.
  const concurrency = Number(context.getNodeParameter('options.concurrency', 0, 5)) || 5;
  const continues = context.continueOnFail();
  const outcomes = await outcomesOf(context, operation, Math.max(1, concurrency), continues);

  const failed = outcomes.findIndex((outcome) => 'failure' in outcome);
  if (failed >= 0 && !continues) {
    const { failure } = outcomes[failed] as { failure: unknown };
    const error = toNodeError(context.getNode(), failure, failed);
    const wouldLose = operation.yieldsUserTokens && outcomes.some((outcome) => 'output' in outcome);
    if (!wouldLose) throw error;
    hint(
      context,
      `Item ${failed}: ${error.message}. The workflow goes on, because other items received tokens that would be lost otherwise.`,
    );
  }
  for (const remark of remarksOf(outcomes)) hint(context, remark);
  return [outcomes.flatMap(outputItems)];
}

/** n8n adds this value to the resources and operations of a node if HTTP Request can use its credential. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/** @throws NodeOperationError if n8n's "Custom API Call" or an unknown operation is chosen */
function chosenOperation(context: IExecuteFunctions): Operation {
  const resource = context.getNodeParameter('resource', 0, 'token');
  const name = context.getNodeParameter('operation', 0, '');
  if ([resource, name].includes(CUSTOM_API_CALL)) {
    throw new NodeOperationError(
      context.getNode(),
      'To make a custom API call, use the HTTP Request node: set its "Authentication" to "Predefined Credential Type", its "Credential Type" to "Open Banking API", and choose the credential of this node',
    );
  }
  const operation = operations[resource]?.[name];
  if (operation) return operation;
  throw new NodeOperationError(
    context.getNode(),
    `This version of the node does not know the operation "${name}" of the resource "${resource}"`,
  );
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
      try {
        outcomes[itemIndex] = await executeItem(context, operation, itemIndex);
      } catch (error) {
        outcomes[itemIndex] = { failure: error };
        stopped = !continues;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return outcomes;
}

async function executeItem(
  context: IExecuteFunctions,
  operation: Operation,
  itemIndex: number,
): Promise<Outcome> {
  const settings = await context.getCredentials<BankSettings & KeepingSettings>(
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
  const remarks = new Set<string>();
  outcomes.forEach((outcome, itemIndex) => {
    if ('failure' in outcome) return;
    outcome.output.remarks.forEach((remark) => remarks.add(remark));
    for (const { text } of certificateDates(outcome.profile)) {
      remarks.add(text);
    }
    const { failedCheck } = outcome.output;
    if (failedCheck) {
      remarks.add(
        `Item ${itemIndex}: ${failedCheck.sentence} It has "failed_check" and no "authorization".`,
      );
    }
  });
  return remarks;
}

/**
 * The output items of an input item.
 *
 * If a check of received tokens failed, the item has the tokens, `failed_check` and no `authorization`: a lost refresh token costs the
 * customer's consent, and later nodes must not use unverified tokens. The field is not named `error`, because n8n's "Retry On Fail"
 * treats an item with `error` as a failure and drops the output.
 *
 * If a certificate expires within 30 days, `certificate_expires_at` has the date, so that a workflow can raise an alarm.
 */
function outputItems(outcome: Outcome, itemIndex: number): INodeExecutionData[] {
  const pairedItem = { item: itemIndex };
  if ('failure' in outcome) return [{ json: { error: errorFields(outcome.failure) }, pairedItem }];
  const { output, profile } = outcome;
  const expiry = expiresSoon(profile);
  const extra: IDataObject = {
    ...(expiry && { certificate_expires_at: expiry.toISOString() }),
    ...(output.failedCheck && { failed_check: errorFields(output.failedCheck) }),
  };
  return output.items.map((item) => ({ json: withFields(item, extra), pairedItem }));
}

function notAttempted(): OpenBankingError {
  return new OpenBankingError('not-attempted', {
    outcome: 'not-sent',
  });
}

function hint(context: IExecuteFunctions, message: string): void {
  context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
}
