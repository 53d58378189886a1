import {
  NodeOperationError,
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
} from 'n8n-workflow';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { certificateDates, expiresSoon } from '../../../core/keys/certificateDates';
import type { Profile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { requireN8n } from '../../requireN8n';
import { errorFields, toNodeError } from '../nodeError';
import { authorizationOperations } from './authorization/authorization.resource';
import type { Operation, OperationOutput } from './operation';

import { withFields } from './token/outputOption';
import { tokenOperations } from './token/token.resource';

type Outcome = { output: OperationOutput; profile: Profile } | { failure: unknown };

/** By the values that saved workflows carry. */
const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  token: tokenOperations,
  authorization: authorizationOperations,
};

/**
 * Works on the items, several at once, and puts their output in the order of the input.
 *
 * A failing item stops the node, unless it continues on failure. Tokens of a customer that other items received meanwhile are not
 * thrown away with it: then the items are put out all the same, the failing ones with their error.
 */
export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  try {
    requireN8n(context);
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0);
  }
  const operation = chosenOperation(context);
  // This field alone: an expression in another one may fail, and then its item alone.
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

/** n8n adds it to the operations of a node whose credential HTTP Request can use, and to its resources. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/** @throws NodeOperationError if n8n's "Custom API Call" is chosen, or something that this node does not know */
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
 * Stops to begin further items once one failed, unless the node continues, and once the execution was cancelled, when n8n takes
 * no more output; those under way are finished.
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
  // On first use, so that a process that only loads the node does not pay for it.
  const { profileOf } = await import('../../../core/profile/profile');
  const settings = await context.getCredentials<BankSettings & KeepingSettings>(
    'openBankingApi',
    itemIndex,
  );
  const profile = await profileOf(settings);
  const output = await operation.execute({ context, itemIndex, profile, settings });
  return { output, profile };
}

/** What is worth a look although tokens came; the same words for several items once. */
function remarksOf(outcomes: Outcome[]): Set<string> {
  const remarks = new Set<string>();
  outcomes.forEach((outcome, itemIndex) => {
    if ('failure' in outcome) return;
    outcome.output.remarks.forEach((remark) => remarks.add(remark));
    for (const { message, description } of certificateDates(outcome.profile)) {
      remarks.add(`${message}. ${description}`);
    }
    const { failedCheck } = outcome.output;
    if (failedCheck) {
      remarks.add(
        `Item ${itemIndex}: ${failedCheck.message}. It has "failed_check" and no "authorization".`,
      );
    }
  });
  return remarks;
}

/**
 * The token set as it is. One whose check failed carries `failed_check` beside the tokens, and no `authorization`:
 * losing a refresh token costs a customer's consent, and what uses `authorization` must not run on unverified tokens.
 * It is not named `error`: n8n's "Retry On Fail" takes an item with an `error` for a failure, and throws its output away.
 *
 * Where a certificate ends within 30 days, `certificate_expires_at` says when, so that a workflow can raise an alarm.
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
    message: 'Another item failed before this one was begun',
    outcome: 'not-sent',
  });
}

function hint(context: IExecuteFunctions, message: string): void {
  context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
}
