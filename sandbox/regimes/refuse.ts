import type { Refusal } from '../wso2Rules';
import type { Rule } from './regime';

/** The refusal of the first rule that a request breaks; `undefined` if it breaks none. */
export function refuseBy<Subject>(
  rules: readonly Rule<Subject>[],
  subject: Subject,
): Refusal | undefined {
  const broken = rules.find((rule) => rule.isBroken(subject));
  if (!broken) return undefined;
  const { source, demand, error = 'invalid_request' } = broken;
  return {
    status: error === 'invalid_client' ? 401 : 400,
    error,
    error_description: `${source}: ${demand}`,
  };
}
