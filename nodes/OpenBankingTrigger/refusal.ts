import type { ITriggerFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { toNodeError } from '../nodeError';

/** n8n's name of Engine 2.0 in the settings of a workflow. */
const REFUSING_ENGINE = 'v2';

/** The workflow's settings, with one that n8n's types do not name. */
interface EngineSettings {
  readonly engineType?: string;
}

/**
 * Makes sure that n8n can tell the trigger how an execution ended.
 *
 * @throws OpenBankingError `n8n-reports-nothing`, `version-too-old`
 */
export function assertReports(context: ITriggerFunctions): void {
  const { engineType } = context.getWorkflowSettings() as EngineSettings;
  if (engineType === REFUSING_ENGINE) {
    throw reportsNothing('Engine 2.0 cannot run a trigger that waits for its execution yet');
  }
  const { createDeferredPromise, registerCron } = context.helpers as Partial<
    ITriggerFunctions['helpers']
  >;
  if (createDeferredPromise && registerCron) return;
  throw new OpenBankingError('version-too-old', {
    values: { part: 'This trigger', program: 'n8n', needed: '1.123', found: 'older' },
  });
}

/** Shows once in the list of executions that n8n starts none. n8n 1 has no function for that; its log has the line. */
export function reportRefusal(context: ITriggerFunctions, reason: string): void {
  const { saveFailedExecution } = context as Partial<ITriggerFunctions>;
  saveFailedExecution?.call(context, toNodeError(context.getNode(), reportsNothing(reason), 0));
}

function reportsNothing(reason: string): OpenBankingError {
  return new OpenBankingError('n8n-reports-nothing', { values: { reason } });
}
