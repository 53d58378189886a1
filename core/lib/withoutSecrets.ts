import type { SecretHider } from './hiddenSecrets';

/**
 * JSON of a bank without the secrets of the request, for an output item: some servers repeat the request in their answer.
 *
 * @param value not nested deep
 */
export function withoutSecrets(value: unknown, hide: SecretHider): unknown {
  if (typeof value === 'string') return hide(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member: unknown) => withoutSecrets(member, hide));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [hide(name), withoutSecrets(member, hide)]),
  );
}
