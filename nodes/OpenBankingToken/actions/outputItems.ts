import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { expiresSoon } from '../../../core/keys/certificateDates';
import type { Profile } from '../../../core/profile/profile';
import { forErrorOutput } from '../../errorOutput';
import { errorFields, toNodeError } from '../../nodeError';
import type { OperationOutput } from './operation';
import { withFields } from './token/output';

/** The result for one input item: the output of the operation, or the reason why there is none. */
export type Outcome = { output: OperationOutput; profile: Profile } | { failure: unknown };

/** Why an item failed: an error, or a check of received tokens that failed. `undefined` if it succeeded. */
export function failureOf(outcome: Outcome): unknown {
  return 'failure' in outcome ? outcome.failure : reachable(outcome.output);
}

/** A failed check whose advice says how to get at what was received. */
function reachable({ failedCheck, stored }: OperationOutput): OpenBankingError | undefined {
  if (!failedCheck) return undefined;
  const way =
    stored === undefined
      ? 'The tokens are not lost: within ten minutes, set "On Error" of the node to "Continue (using error output)" and run it again with the same input, in the same process of n8n. The item there holds them.'
      : `The tokens are stored for the consent "${stored.consent}", and are not used unless they pass the check.`;
  return failedCheck.with({ description: `${failedCheck.description} ${way}` });
}

/**
 * The output items of an input item.
 *
 * A failed item is `{ error }` alone. Only on an error output it also holds received tokens whose check failed, without `authorization`:
 * nodes on the regular output must not use unverified tokens.
 *
 * If a certificate expires within 30 days, `certificate_expires_at` has the date, so that a workflow can raise an alarm.
 */
export function outputItems(
  context: IExecuteFunctions,
  outcome: Outcome,
  itemIndex: number,
): INodeExecutionData[] {
  const pairedItem = { item: itemIndex };
  const failure = failureOf(outcome);
  const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
  if ('failure' in outcome || (failure !== undefined && !hasErrorOutput)) {
    return [{ json: { error: errorFields(failure) }, pairedItem }];
  }
  const { output, profile } = outcome;
  const expiry = expiresSoon(profile);
  const extra: IDataObject = expiry ? { certificate_expires_at: expiry.toISOString() } : {};
  const { failedCheck } = output;
  if (!failedCheck)
    return output.items.map((item) => ({ json: withFields(item, extra), pairedItem }));
  const isOfIncomingItem = 'authorization' in (context.getInputData()[itemIndex]?.json ?? {});
  return output.items.map((item) => {
    const json = withFields(item, { ...extra, error: errorFields(failedCheck) });
    delete json.authorization;
    // n8n adds the fields of the incoming item that this item does not have.
    if (isOfIncomingItem) json.authorization = undefined;
    return forErrorOutput(toNodeError(context.getNode(), failedCheck, itemIndex), json, pairedItem);
  });
}
