import type {
  CronExpression,
  IDataObject,
  ITriggerFunctions,
  ITriggerResponse,
} from 'n8n-workflow';
import { HOUR, MINUTE } from '../../core/lib/time';
import { toNodeError } from '../nodeError';
import { ConsentAttention } from './consentAttention';
import { TriggerLog } from './log';
import { NewTransactions } from './newTransactions';
import { OneAtATime } from './oneAtATime';
import { pollTimeMalformed } from './pollTimes';
import { assertReports } from './refusal';
import { settingsOf, type TriggerSettings } from './settings';
import type { Watch } from './watch';

/** The longest time of a poll, in milliseconds. A bank that sends a byte now and then would hold it for ever. */
const LONGEST_POLL = HOUR;

/**
 * Starts the trigger: with n8n's timer, or once for the editor.
 *
 * @param watchFor what the trigger does for its event. A test gives another one
 * @param limit milliseconds after which a poll is ended. A test gives another one
 * @throws NodeError for fields that cannot be used, or if n8n cannot tell the trigger how its executions end
 */
export function start(
  context: ITriggerFunctions,
  watchFor = watchOf,
  limit = LONGEST_POLL,
): ITriggerResponse {
  try {
    const settings = settingsOf(context);
    const log = new TriggerLog(context);
    if (context.getMode() === 'manual') return once(context, watchFor(context, settings, log));
    assertReports(context);
    return scheduled(context, settings.times, watchFor(context, settings, log), log, limit);
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
  limit: number,
): ITriggerResponse {
  const minutes = Math.round(limit / MINUTE);
  const polls = new OneAtATime(
    (signal) => watch.poll(signal),
    {
      onFailure: (error) =>
        log.failure('This poll failed, and nothing was handed over by it', error),
      onHeld: () =>
        log.warn(
          'A poll time was left out, because the poll before it still runs: a bank answers slowly. Further times are left out until it has ended, and it is ended after ' +
            `${minutes} minutes`,
        ),
      onTooLong: () =>
        log.warn(
          `A poll was ended after ${minutes} minutes, because a bank answers too slowly. It hands over the transactions that it has read, and the next poll reads the rest`,
        ),
    },
    limit,
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
