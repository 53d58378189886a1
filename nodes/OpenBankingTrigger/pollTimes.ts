import { toCronExpression, type CronExpression, type TriggerTime } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';

/** The field "Poll Times", as n8n saves it. */
interface PollTimes {
  readonly item?: readonly TriggerTime[];
}

/**
 * The times of the field "Poll Times" as cron expressions with six fields, or with five. A person who chooses no minute gets a random one,
 * as in n8n's own triggers: otherwise all workflows of the world would ask the banks at the full hour.
 *
 * @throws OpenBankingError `input-missing` if there is none, `field-malformed` for one that comes more often than each minute
 */
export function cronExpressions(given: unknown): CronExpression[] {
  const { item = [] } = (given ?? {}) as PollTimes;
  if (item.length === 0) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Poll Times' },
      description: 'Add a poll time. The trigger was not started.',
    });
  }
  const expressions = item.map((time) => toCronExpression(time));
  for (const expression of expressions) {
    const fields = expression.trim().split(/\s+/);
    if (fields.length === 5 || (fields.length === 6 && /^\d+$/.test(fields[0]!))) continue;
    throw pollTimeMalformed(
      expression,
      'It has to be a cron expression of five fields, or of six with a single second first, such as "0 */15 * * * *": the trigger polls at most once a minute.',
    );
  }
  return [...new Set(expressions)];
}

/** The error for a poll time that cannot be used: `field-malformed`. */
export function pollTimeMalformed(expression: string, reason: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'pollTime',
    values: { expression },
    description: `${reason} The trigger was not started.`,
  });
}
