import type { CronExpression, ITriggerFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { HOUR, LONGEST_TIMER, MINUTE } from '../../core/lib/time';
import { financialIdOf } from '../../core/profile/accountApi';
import { consentName } from '../../core/tokens/consentName';
import {
  blankableOption,
  choiceParameter,
  dateText,
  textOf,
  textOption,
  type FieldSource,
} from '../parameters';
import { DAYS } from './fields/attentionFields';
import { LIMITS } from './fields/newTransactionFields';
import { cronExpressions } from './pollTimes';

/** The fields of the trigger that both events have. n8n evaluates their expressions once, when the workflow is published. */
interface CommonSettings {
  /** Names of consents; `undefined` for all that are stored. */
  readonly consents?: readonly string[];
  /** Whose position it is. */
  readonly subscriber: string;
  /** The times at which the trigger looks for something new, as cron expressions. */
  readonly times: readonly CronExpression[];
  /** Milliseconds after which an execution that n8n reports nothing about counts as failed. */
  readonly deadline: number;
}

/** The fields of the event New Transaction. */
export interface NewTransactionSettings extends CommonSettings {
  readonly event: 'newTransaction';
  readonly withPending: boolean;
  readonly start: 'now' | { readonly from: string };
  readonly windowDays: number;
  readonly wideDays: number;
  /** `undefined` if the bank has no limit. */
  readonly readsPerDay?: number;
  readonly maximumRows: number;
  readonly maximumOpen: number;
  readonly financialId?: string;
}

/** The fields of the event Consent Needs Attention. */
export interface AttentionSettings extends CommonSettings {
  readonly event: 'consentAttention';
  /** How many days before its end something is reported. */
  readonly days: number;
}

/** The fields of the trigger. */
export type TriggerSettings = NewTransactionSettings | AttentionSettings;

/** Milliseconds that n8n may need to end an execution after its timeout. */
const GRACE = MINUTE;

/** The longest time limit that the option takes, in minutes: a week. */
const LONGEST_MINUTES = 10_080;

/** The largest number of reads that "Reads per Day" accepts. */
const MOST_READS = 1000;

/**
 * Reads the fields of the trigger.
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`, `consent-malformed`
 */
export function settingsOf(context: ITriggerFunctions): TriggerSettings {
  const source = sourceOf(context);
  const event = choiceParameter(source, 'event', 'Event', ['newTransaction', 'consentAttention']);
  const common = {
    consents: consentsOf(source),
    subscriber: subscriberOf(context, source),
    times: cronExpressions(context.getNodeParameter('times', {})),
    deadline: deadlineOf(context, source),
  };
  if (event === 'consentAttention') {
    const { minimum, maximum } = DAYS;
    const days = wholeNumber(context.getNodeParameter('days'), 'Days Before', minimum, maximum);
    return { event, ...common, days };
  }
  const include = choiceParameter(source, 'include', 'Include', ['booked', 'withPending']);
  const windowDays = limited(source, 'window', 'Window');
  const financialId = financialIdOf(textOption(source, 'financialId', 'Financial ID') ?? '');
  return {
    ...{ event, ...common },
    withPending: include === 'withPending',
    start: startOf(source),
    windowDays,
    // A wide window that is narrower than the other one would never be read.
    wideDays: Math.max(windowDays, limited(source, 'wideWindow', 'Wide Window')),
    readsPerDay: readsPerDayOf(source),
    maximumRows: limited(source, 'maximumRows', 'Maximum Transactions per Execution'),
    maximumOpen: limited(source, 'maximumOpen', 'Maximum Open Executions'),
    ...(financialId && { financialId }),
  };
}

/** The parameters of a trigger, which has no input items. */
function sourceOf(context: ITriggerFunctions): FieldSource {
  const read = (
    name: string,
    _: number,
    fallback?: unknown,
    options?: Parameters<ITriggerFunctions['getNodeParameter']>[2],
  ) => context.getNodeParameter(name, fallback, options);
  return {
    context: { getNodeParameter: read as FieldSource['context']['getNodeParameter'] },
    itemIndex: 0,
    options: context.getNodeParameter('options', {}) as FieldSource['options'],
  };
}

function consentsOf(source: FieldSource): readonly string[] | undefined {
  if (choiceParameter(source, 'consents', 'Consents', ['all', 'list']) === 'all') return undefined;
  const { context } = source;
  const given = context.getNodeParameter('consent', 0, '', { extractValue: true }) as unknown;
  const locator = context.getNodeParameter('consent', 0, '') as unknown;
  // A name from the list may contain a comma.
  const isChosen = (locator as { mode?: string } | null)?.mode === 'list';
  const names = Array.isArray(given)
    ? given
    : typeof given === 'string' && !isChosen
      ? given.split(',').filter((name) => name.trim())
      : [given];
  return [...new Set((names.length > 0 ? names : ['']).map(consentName))];
}

function subscriberOf(context: ITriggerFunctions, source: FieldSource): string {
  return (
    textOption(source, 'positionName', 'Position Name') ??
    `${context.getWorkflow().id}/${context.getNode().id}`
  );
}

/** The option "Time Limit", else the timeout of the workflow, else an hour. */
function deadlineOf(context: ITriggerFunctions, { options }: FieldSource): number {
  if (Object.hasOwn(options, 'timeLimit')) {
    return wholeNumber(options.timeLimit, 'Time Limit', 1, LONGEST_MINUTES) * MINUTE;
  }
  const { executionTimeout } = context.getWorkflowSettings();
  const seconds = Number(executionTimeout);
  return seconds > 0 ? Math.min(seconds * 1000 + GRACE, LONGEST_TIMER) : HOUR;
}

function startOf(source: FieldSource): NewTransactionSettings['start'] {
  if (choiceParameter(source, 'start', 'Start With', ['now', 'date']) === 'now') return 'now';
  const text = dateText(source.context.getNodeParameter('startFrom', 0, ''), 'Start Date');
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T| )/.exec(text)?.[0];
  if (day !== undefined && !Number.isNaN(Date.parse(day))) return { from: day };
  throw new OpenBankingError('field-malformed', {
    problem: 'date',
    values: { field: 'Start Date' },
    description:
      'Give the first booking date, such as 2026-03-31, or choose "Transactions From Now On".',
  });
}

/** `undefined` if a person emptied the option. */
function readsPerDayOf(source: FieldSource): number | undefined {
  const label = 'Reads per Day';
  const text = blankableOption(source, 'readsPerDay', label);
  if (text === '') return undefined;
  return text === undefined ? 4 : wholeNumber(text, label, 1, MOST_READS);
}

/** A number under "Options", or its default. */
function limited({ options }: FieldSource, name: keyof typeof LIMITS, label: string): number {
  const { default: usual, minimum, maximum } = LIMITS[name];
  if (!Object.hasOwn(options, name)) return usual;
  return wholeNumber(options[name], label, minimum, maximum);
}

function wholeNumber(given: unknown, label: string, minimum: number, maximum: number): number {
  const text = textOf(given, label).trim();
  const value = Number(text);
  if (text && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new OpenBankingError('field-malformed', {
    problem: 'between',
    values: { field: label, minimum, maximum },
    description: 'Give a whole number. The trigger was not started.',
  });
}
