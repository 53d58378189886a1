import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { chosenOperation, type Operations } from '../../chosenOperation';
import { addHint } from '../../executionHints';
import { toNodeError } from '../../nodeError';
import { requireN8n } from '../../requireN8n';
import { assertForTools } from './asTool';
import { get } from './account/get.operation';
import { getAll as getAccounts } from './account/getAll.operation';
import { getBalances } from './account/getBalances.operation';
import { create as createConsent } from './consent/create.operation';
import { deleteConsent } from './consent/delete.operation';
import { get as getConsent } from './consent/get.operation';
import { getAll as getConsents } from './consent/getAll.operation';
import { ItemReader } from './itemReader';
import type { Operation } from './operation';
import { failureOf, outputItems, type Outcome } from './outputItems';
import { commit } from './transaction/commit.operation';
import { getAll as getTransactions } from './transaction/getAll.operation';

/** The operations by resource and name, as saved workflows have them. */
const operations: Operations<Operation> = {
  account: { getAll: getAccounts, get, getBalances },
  transaction: { getAll: getTransactions, commit },
  consent: { create: createConsent, get: getConsent, delete: deleteConsent, getAll: getConsents },
};

/**
 * Executes the chosen operation for the items. The output has the order of the input items, of the bank's accounts and of the bank's rows.
 *
 * A failure stops the node, unless the node continues on failure: then it becomes an item after the rows that were read before. n8n's
 * "Retry On Fail" may run the node again: it reads, or ends what may have ended. Only *Consent → Create* then makes other consents, which no
 * customer will see.
 */
export async function router(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const node = context.getNode();
  try {
    requireN8n(context);
  } catch (error) {
    throw toNodeError(node, error, 0);
  }
  const operation = chosenOperation(context, operations);
  assertForTools(context, operation);
  const { outcomes, remarks } = await outcomesOf(context, operation);
  if (!context.continueOnFail()) {
    const failed = outcomes.findIndex((outcome) => failureOf(outcome) !== undefined);
    if (failed >= 0) throw toNodeError(node, failureOf(outcomes[failed]!), failed);
  }
  for (const remark of remarks) addHint(context, remark);
  return [outcomes.flatMap((outcome, index) => outputItems(context, outcome, index))];
}

/** The outcome of each item, and warnings. */
async function outcomesOf(
  context: IExecuteFunctions,
  operation: Operation,
): Promise<{ outcomes: readonly Outcome[]; remarks: Iterable<string> }> {
  if ('executeAll' in operation) {
    return { outcomes: await operation.executeAll(context), remarks: [] };
  }
  const reader = new ItemReader(context, operation);
  const outcomes = await reader.readAll();
  return { outcomes, remarks: reader.remarks };
}
