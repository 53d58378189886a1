import { ExecutionBaseError } from 'n8n-workflow';
import type { OpenBankingError } from '../core/errors/OpenBankingError';

/**
 * A failure of this package inside an HTTP Request node. n8n passes only its own kind of error on as it is: it takes a public `status`
 * for the answer of the API and replaces the message, and it drops a public `code`.
 *
 * `context` holds stage, code and outcome, so that a workflow can branch on `$json.error.context.code`; the description ends with them.
 */
export class AuthenticationError extends ExecutionBaseError {
  constructor({ message, description, stage, code, outcome }: OpenBankingError) {
    // n8n also replaces a message that holds the name of a common fault of Node.js.
    const [ending = '', fault] = / \((E[A-Z_]+)\)$/.exec(message) ?? [];
    super(message.slice(0, message.length - ending.length));
    this.description = `${description}${fault ? ` ${fault}.` : ''} (${stage}: ${code})`;
    this.context = { stage, code, outcome };
  }
}
