// First: it replaces the error that an old Node.js throws for the libraries below.
import '../../core/profile/requireNode';
import type {
  CronExpression,
  IDataObject,
  ITriggerFunctions,
  ITriggerResponse,
} from 'n8n-workflow';
import { toNodeError } from '../nodeError';
import { ConsentAttention } from './consentAttention';
import { TriggerLog } from './log';
import { NewTransactions } from './newTransactions';
import { OneAtATime } from './oneAtATime';
import { pollTimeMalformed } from './pollTimes';
import { assertReports } from './refusal';
import { settingsOf, type TriggerSettings } from './settings';
import type { Watch } from './watch';

/**
 * Starts the trigger: with n8n's timer, or once for the editor.
 *
 * @param watchFor what the trigger does for its event. A test gives another one
 * @throws NodeError for fields that cannot be used, or if n8n cannot tell the trigger how its executions end
 */
export function start(context: ITriggerFunctions, watchFor = watchOf): ITriggerResponse {
  try {
    const settings = settingsOf(context);
    const log = new TriggerLog(context);
    if (context.getMode() === 'manual') return once(context, watchFor(context, settings, log));
    assertReports(context);
    return scheduled(context, settings.times, watchFor(context, settings, log), log);
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0);
  }
}

function watchOf(context: ITriggerFunctions, settings: TriggerSettings, log: TriggerLog): Watch {
  return settings.event === 'newTransaction'
    ? new NewTransactions(context, settings, log)
    : new ConsentAttention(context, settings, log);
}

/** "Execute step" in the editor: one look, and nothing is stored as received. */
function once(context: ITriggerFunctions, watch: Watch): ITriggerResponse {
  const ending = new AbortController();
  return {
    manualTriggerFunction: async () => {
      try {
        const items = await watch.preview(ending.signal);
        context.emit([items.map((json) => ({ json: json as IDataObject }))]);
      } catch (error) {
        throw toNodeError(context.getNode(), error, 0);
      } finally {
        watch.close();
      }
    },
    closeFunction: () => {
      ending.abort();
      watch.close();
      return Promise.resolve();
    },
  };
}

/** n8n's timer runs on its leader alone. */
function scheduled(
  context: ITriggerFunctions,
  times: readonly CronExpression[],
  watch: Watch,
  log: TriggerLog,
): ITriggerResponse {
  const polls = new OneAtATime(
    (signal) => watch.poll(signal),
    (error) => log.failure('This poll failed, and nothing was handed over by it', error),
  );
  const hasTimer = times.map((expression) => {
    try {
      // n8n 2 returns `false` on an n8n that is not the leader.
      const isRegistered: unknown = context.helpers.registerCron({ expression }, () =>
        polls.start(),
      );
      return isRegistered !== false;
    } catch (error) {
      throw pollTimeMalformed(expression, `${(error as Error).message}.`);
    }
  });
  // Also at once: "from now on" begins when the workflow is published. A bank that is away must not keep it from being published.
  if (hasTimer.includes(true)) polls.start();
  return {
    closeFunction: async () => {
      const closing = polls.close();
      watch.close();
      await closing;
    },
  };
}
