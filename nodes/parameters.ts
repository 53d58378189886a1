import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';
import { consentName } from '../core/tokens/consentName';
import { AT_ONCE } from './fields/optionsField';
import { isWrittenByHand } from './writtenByHand';

/** The parameters of a node, in an execution or in a trigger. */
export interface FieldSource {
  readonly context: Pick<IExecuteFunctions, 'getNodeParameter'>;
  readonly itemIndex: number;
  /** The fields under "Options", evaluated for the item. */
  readonly options: IDataObject;
}

/** The parameters of a node for one input item. */
export interface ParameterSource extends FieldSource {
  readonly context: IExecuteFunctions;
}

/**
 * A field of the node as text; empty if its value is neither a text nor a number.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `field-malformed` for a number that is rounded
 */
export function textParameter(
  { context, itemIndex }: FieldSource,
  name: string,
  label = name,
): string {
  return textOf(context.getNodeParameter(name, itemIndex, ''), label);
}

/**
 * A list of the node.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `field-malformed` if it has none of the values
 */
export function choiceParameter<const Value extends string>(
  input: FieldSource,
  name: string,
  label: string,
  values: readonly Value[],
): Value {
  return chosenOf(textParameter(input, name, label), label, values);
}

function chosenOf<const Value extends string>(
  chosen: string,
  label: string,
  values: readonly Value[],
): Value {
  const known = values.find((value) => value === chosen);
  if (known !== undefined) return known;
  throw new OpenBankingError('field-malformed', {
    problem: 'unknownValue',
    values: { field: label },
  });
}

/**
 * A switch of the node.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `input-missing` if it is neither on nor off
 */
export function switchParameter(
  { context, itemIndex }: FieldSource,
  name: string,
  label: string,
): boolean {
  return switchOf(context.getNodeParameter(name, itemIndex), label, SWITCH_ADVICE);
}

/** The field "Consent". @throws OpenBankingError `input-missing`, `consent-malformed` */
export function consentParameter({ context, itemIndex }: FieldSource): string {
  return consentName(context.getNodeParameter('consent', itemIndex, '', { extractValue: true }));
}

/**
 * A field under "Options" as text, without white space around it; `undefined` if it was not added.
 *
 * An option that was added and yields no text is an error: it must not switch off what the field is for, such as a check.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function textOption(
  { options }: FieldSource,
  name: string,
  label: string,
): string | undefined {
  if (!Object.hasOwn(options, name)) return undefined;
  const text = textOf(options[name], label).trim();
  if (text) return text;
  throw emptyOption(label, 'Give a value, or fix the expression, which yields an empty value.');
}

/**
 * A field under "Options" that a person may leave empty on purpose; `undefined` if it was not added.
 *
 * @returns an empty text only if a person left the field empty. An expression that yields no text is an error.
 * @throws OpenBankingError as {@link textOption}
 */
export function blankableOption(
  input: FieldSource,
  name: string,
  label: string,
): string | undefined {
  const { context, itemIndex, options } = input;
  if (!Object.hasOwn(options, name) || textOf(options[name], label).trim()) {
    return textOption(input, name, label);
  }
  const isByHand = isWrittenByHand((how) =>
    context.getNodeParameter(`options.${name}`, itemIndex, '', how),
  );
  return isByHand ? '' : textOption(input, name, label);
}

/**
 * A switch under "Options".
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `input-missing` if it was added and is neither on nor off
 */
export function switchOption(
  { options }: FieldSource,
  name: string,
  label: string,
  defaultValue: boolean,
): boolean {
  if (!Object.hasOwn(options, name)) return defaultValue;
  return switchOf(options[name], label, `${SWITCH_ADVICE} ${OPTION_ADVICE}`);
}

/**
 * A list under "Options"; `undefined` if it was not added.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `input-missing`, `field-malformed` if it has none of the values
 */
export function choiceOption<const Value extends string>(
  input: FieldSource,
  name: string,
  label: string,
  values: readonly Value[],
): Value | undefined {
  const chosen = textOption(input, name, label);
  return chosen === undefined ? undefined : chosenOf(chosen, label, values);
}

/**
 * A field for JSON under "Options": a text, or the value that an expression yields. `undefined` if it was not added.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `input-missing` if it was added and is empty
 */
export function jsonOption(input: FieldSource, name: string, label: string): unknown {
  const { [name]: value } = input.options;
  return typeof value === 'object' && value !== null ? value : textOption(input, name, label);
}

/**
 * A number of seconds under "Options"; `undefined` if it was not added.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function secondsOption(input: FieldSource, name: string, label: string): number | undefined {
  const { [name]: given } = input.options;
  const value = typeof given === 'number' ? given : textOption(input, name, label);
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new OpenBankingError('field-malformed', {
    problem: 'seconds',
    values: { field: label },
    description: 'Give a number of seconds from 0 on.',
  });
}

/**
 * The option "Items at Once": a whole number within its limits, whatever an expression yields.
 *
 * It reads this option alone: an expression in another one may fail, and then only its item fails.
 */
export function itemsAtOnceOption(context: IExecuteFunctions): number {
  const given = Number(context.getNodeParameter('options.concurrency', 0, AT_ONCE.default));
  const whole = Math.floor(given || AT_ONCE.default);
  return Math.min(AT_ONCE.maximum, Math.max(AT_ONCE.minimum, whole));
}

const SWITCH_ADVICE = 'Switch it on or off, or fix the expression: it has to yield true or false.';

const OPTION_ADVICE = 'If you do not need the option, remove it. Nothing was sent.';

function switchOf(value: unknown, label: string, advice: string): boolean {
  if (typeof value === 'boolean') return value;
  throw emptyInput(label, advice);
}

/** The incoming item. */
export function itemOf({ context, itemIndex }: ParameterSource): IDataObject {
  return context.getInputData()[itemIndex]?.json ?? {};
}

/**
 * A value as text; empty if it is neither a text nor a number.
 *
 * @param label the field, for the error
 * @throws OpenBankingError `field-malformed` for a number that is rounded
 */
export function textOf(value: unknown, label: string): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return '';
  if (Number.isSafeInteger(value)) return String(value);
  throw new OpenBankingError('field-malformed', {
    problem: 'rounded',
    values: { field: label },
    description: 'Give the value as text. Nothing was sent.',
  });
}

/**
 * A date of a field as text, with the wall clock that it shows. An expression may yield a date of Luxon, such as `$now`, or of JavaScript.
 *
 * @param label the field as the editor shows it
 * @throws OpenBankingError `field-malformed` for a number that is rounded
 */
export function dateText(value: unknown, label: string): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  const { toISO } = (value ?? {}) as { toISO?: () => string | null };
  if (typeof toISO === 'function') return toISO.call(value) ?? '';
  return textOf(value, label).trim();
}

function emptyOption(label: string, advice: string): OpenBankingError {
  return emptyInput(label, `${advice} ${OPTION_ADVICE}`);
}

function emptyInput(input: string, description: string): OpenBankingError {
  return new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input },
    description,
  });
}
