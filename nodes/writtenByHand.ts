import type { IGetNodeParameterOptions } from 'n8n-workflow';

/**
 * Whether a person wrote the value of a parameter into the node, so that no expression computes it.
 *
 * A text in Expression mode without `{{` is also written by hand: n8n puts a `=` before a text that is pasted into such a field.
 *
 * @param read reads the parameter with these options of `getNodeParameter`
 */
export function isWrittenByHand(read: (options: IGetNodeParameterOptions) => unknown): boolean {
  const saved = read({ rawExpressions: true });
  return !(typeof saved === 'string' && saved.startsWith('=') && saved.includes('{{'));
}
