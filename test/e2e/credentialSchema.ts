import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';
import type { N8nRuntime } from '../../demo/n8n/runtime';

/** The values of a credential's form, by the names of the fields. */
export type Values = INodeParameters;

/**
 * Every form that the choices of a credential make: all combinations of options and switches that are shown at the same time,
 * each with only the visible fields, as the editor saves them. Texts are as short as possible.
 */
export function formsOf(properties: INodeProperties[]): Values[] {
  const fields = properties.filter(({ type }) => type !== 'notice');
  const selecting = new Set(
    fields.flatMap(({ displayOptions }) => Object.keys(displayOptions?.show ?? {})),
  );
  let forms: Values[] = [{}];
  for (const field of fields.filter(({ name }) => selecting.has(name))) {
    forms = forms.flatMap((form) =>
      isShown(field, complete(fields, form))
        ? valuesOf(field).map((value) => ({ ...form, [field.name]: value }) as Values)
        : [form],
    );
  }
  return forms.map((form) => complete(fields, form));
}

function valuesOf({ type, options = [] }: INodeProperties): unknown[] {
  if (type === 'boolean') return [false, true];
  return options.map((option) => (option as { value: unknown }).value);
}

function isShown(field: INodeProperties, values: Values): boolean {
  return NodeHelpers.displayParameter(values, field, null, null);
}

/** The form with only its visible fields: defaults, and values for required fields. */
function complete(fields: INodeProperties[], form: Values): Values {
  const required = fields.filter(({ required: isRequired }) => isRequired);
  const given = { ...Object.fromEntries(required.map(({ name }) => [name, 'x'])), ...form };
  return NodeHelpers.getNodeParameters(fields, given, true, false, null, null) ?? {};
}

/**
 * Validates forms as n8n's public API does, with the same library. Meanwhile this process notices that n8n closes unused connections.
 *
 * @returns the different errors
 */
export async function errorsOf(
  { node, directory }: N8nRuntime,
  schema: object,
  forms: Values[],
): Promise<string[]> {
  const script = `
    const { validate } = require('jsonschema');
    const { schema, forms } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    const errors = forms.flatMap((form) => validate(form, schema, { nestedErrors: true }).errors);
    console.log(JSON.stringify([...new Set(errors.map(String))]));`;
  const child = spawn(node, ['-e', script], { cwd: directory });
  child.stdin.end(JSON.stringify({ schema, forms }));
  const [output, failure] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (child.exitCode !== 0) throw new Error(failure);
  return JSON.parse(output) as string[];
}
