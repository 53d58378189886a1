import { ExecutionBaseError } from 'n8n-workflow';
import type { OpenBankingError } from '../core/errors/OpenBankingError';

/**
 * A failure of this package inside an HTTP Request node. It is an error of n8n's own kind, because n8n changes every other error: it takes
 * a public `status` for the answer of the API and replaces the message, and it drops a public `code`.
 *
 * `context` has stage, code and outcome, so that a workflow can branch on `$json.error.context.code`. The description ends with stage and
 * code.
 */
export class AuthenticationError extends ExecutionBaseError {
  constructor({ message, description, stage, code, outcome }: OpenBankingError) {
    // n8n also replaces a message that contains the name of a common fault of Node.js.
    const [ending = '', fault] = / \((E[A-Z_]+)\)$/.exec(message) ?? [];
    super(message.slice(0, message.length - ending.length));
    this.description = `${description}${fault ? ` ${fault}.` : ''} (${stage}: ${code})`;
    this.context = { stage, code, outcome };
  }
}
