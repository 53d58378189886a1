import type { ITriggerFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { visible } from '../../core/lib/visible';

/** Maximum number of characters of a line. */
const LONGEST = 1000;

/** Maximum number of warnings that a poll writes. */
const MOST_REMARKS = 20;

/** A consent, or one of its accounts, that could not be read. */
interface Failure {
  readonly consent: string;
  readonly error: OpenBankingError;
}

/** The lines that a trigger writes into the log of n8n. They contain no secrets and no data of customers but the names of consents. */
export class TriggerLog {
  readonly #write: ITriggerFunctions['logger'];

  readonly #context: { readonly workflowId?: string; readonly nodeName: string };

  /** The warnings of the last poll: each is written once, until it was gone for a poll. */
  #remarks: ReadonlySet<string> = new Set();

  constructor(context: Pick<ITriggerFunctions, 'logger' | 'getNode' | 'getWorkflow'>) {
    this.#write = context.logger;
    this.#context = { workflowId: context.getWorkflow().id, nodeName: context.getNode().name };
  }

  error(line: string): void {
    this.#write.error(shown(line), this.#context);
  }

  warn(line: string): void {
    this.#write.warn(shown(line), this.#context);
  }

  /** Writes a failure of the trigger as a whole. */
  failure(what: string, error: unknown): void {
    this.error(`${what}: ${textOf(error)}`);
  }

  /** Writes the failures of one poll: one line for each code, because a thousand consents may fail in the same way. */
  failures(all: readonly Failure[]): void {
    for (const [first, ...others] of byCode(all)) {
      const names = new Set(others.map(({ consent }) => consent));
      names.delete(first!.consent);
      const more =
        names.size === 0 ? '' : ` (and ${names.size} more consents, for the same reason)`;
      this.warn(`Consent "${first!.consent}"${more} could not be read: ${textOf(first!.error)}`);
    }
  }

  /** Writes the warnings of one poll. Those of the poll before are not repeated. */
  remarks(texts: readonly string[]): void {
    const fresh = texts.filter((text) => !this.#remarks.has(text));
    for (const text of fresh.slice(0, MOST_REMARKS)) this.warn(text);
    const left = fresh.length - MOST_REMARKS;
    if (left > 0) this.warn(`There are ${left} more warnings like these`);
    this.#remarks = new Set(texts);
  }
}

function byCode(all: readonly Failure[]): Failure[][] {
  const kinds = new Map<string, Failure[]>();
  for (const failure of all) {
    const { code } = failure.error;
    const others = kinds.get(code);
    if (others) others.push(failure);
    else kinds.set(code, [failure]);
  }
  return [...kinds.values()];
}

function textOf(error: unknown): string {
  if (error instanceof OpenBankingError) return `${error.text} (${error.stage}: ${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

function shown(line: string): string {
  return visible(line).slice(0, LONGEST);
}
