import { isSafeObjectProperty, type INodeExecutionData } from 'n8n-workflow';

/** An expression that does nothing but name a field of the item, such as `={{ $json.refresh_token }}`. */
const NAMES_A_FIELD = /^=\{\{\s*\$json((?:\.[A-Za-z_]\w*)+)\s*\}\}$/;

/**
 * Whether n8n computes a value from the item. A field in Expression mode whose text has no `{{` is written by hand: n8n puts a `=` before
 * whatever is pasted into it.
 *
 * @param written the parameter as it is saved, before n8n evaluates it
 */
export function isExpression(written: unknown): written is string {
  return typeof written === 'string' && written.startsWith('=') && written.includes('{{');
}

/**
 * What an expression yields that does nothing but name a field of the item, as the defaults of this node do. n8n evaluates every
 * expression in an isolate, which takes half a millisecond or more, and this one needs none.
 *
 * @param written the parameter as it is saved, before n8n evaluates it
 * @returns nothing where it is something else, or the item has no text there: then it is n8n's to say what that means
 */
export function jsonField(written: unknown, item?: INodeExecutionData): string | undefined {
  const path = typeof written === 'string' && NAMES_A_FIELD.exec(written)?.[1];
  if (!path) return undefined;
  let value: unknown = item?.json;
  for (const name of path.slice(1).split('.')) {
    if (isLeftToN8n(name) || !isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return typeof value === 'string' ? value : undefined;
}

/** Names that n8n refuses, or takes for something else than a field, in one or both of its engines. */
function isLeftToN8n(name: string): boolean {
  return name in Object.prototype || name.startsWith('constructor') || !isSafeObjectProperty(name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
