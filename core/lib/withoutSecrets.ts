import { secretHider, type SecretHider } from './hiddenSecrets';

/**
 * JSON of a bank without the secrets of the request, for an output item: some servers repeat the request in their answer.
 *
 * @param value not nested deep
 */
export function withoutSecrets<Value>(value: Value, secrets: readonly string[]): Value {
  return hidden(value, secretHider(secrets)) as Value;
}

function hidden(value: unknown, hide: SecretHider): unknown {
  if (typeof value === 'string') return hide(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member: unknown) => hidden(member, hide));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [hide(name), hidden(member, hide)]),
  );
}
