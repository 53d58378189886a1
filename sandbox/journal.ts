import type { IncomingMessage, ServerResponse } from 'node:http';
import { subjectOf, thumbprintOf } from './certificates';
import type { Form } from './form';
import { connectionOf, type Connection } from './listener';
import type { JournalCertificate, JournalEntry } from './ready';

/** Maximum number of requests in the journal. The oldest are removed first. */
const CAPACITY = 5_000;

/** The requests that the bank received, so that tests can look at them from the bank's side. */
export class Journal {
  private entries: JournalEntry[] = [];
  private readonly open = new WeakMap<IncomingMessage, JournalEntry>();

  /** Records a request on arrival, and its outcome with the answer. */
  record(server: JournalEntry['server'], request: IncomingMessage, response: ServerResponse): void {
    const connection = connectionOf(request);
    const entry: JournalEntry = {
      at: new Date().toISOString(),
      server,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: { ...request.headers },
      form: {},
      certificate: certificateOf(connection),
      tls: { protocol: connection.protocol, connection: connection.serial },
      status: null,
      error: null,
    };
    this.entries.push(entry);
    if (this.entries.length > CAPACITY * 1.1) this.entries = this.entries.slice(-CAPACITY);
    this.open.set(request, entry);
    this.noteOutcome(entry, response);
  }

  /** Adds the form to a recorded request, after its body was read. */
  recordForm(request: IncomingMessage, form: Form): void {
    const entry = this.open.get(request);
    if (entry) entry.form = form;
  }

  /** The last requests, oldest first. */
  read(): JournalEntry[] {
    return this.entries.slice(-CAPACITY);
  }

  clear(): void {
    this.entries = [];
  }

  private noteOutcome(entry: JournalEntry, response: ServerResponse): void {
    // Recorded before the answer is sent: a client that has received the answer must find it in the journal.
    const end = response.end.bind(response) as (...values: unknown[]) => ServerResponse;
    response.end = ((...values: unknown[]) => {
      entry.status = response.statusCode;
      if (response.statusCode >= 400) entry.error = refusalIn(values[0]);
      return end(...values);
    }) as ServerResponse['end'];
  }
}

const described = new WeakMap<Connection, JournalCertificate>();

function certificateOf(connection: Connection): JournalCertificate | null {
  const { certificate } = connection;
  if (!certificate) return null;
  const known = described.get(connection) ?? {
    subject: subjectOf(certificate),
    x5t_s256: thumbprintOf(certificate),
    pem: certificate.toString(),
  };
  described.set(connection, known);
  return known;
}

/** The error of an answer: OAuth's `error` members, or the first one of the gateway's `errors`. */
function refusalIn(body: unknown): JournalEntry['error'] {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return null;
  try {
    const parsed = JSON.parse(body.toString()) as {
      error?: string;
      error_description?: string;
      errors?: { code: string; message: string; description: string }[];
      Errors?: { ErrorCode: string; Message: string }[];
    };
    if (parsed.error) {
      return { error: parsed.error, error_description: parsed.error_description };
    }
    if (parsed.errors?.[0]) {
      const { code, message, description } = parsed.errors[0];
      return { error: code, error_description: `${message}: ${description}` };
    }
    if (parsed.Errors?.[0]) {
      const { ErrorCode, Message } = parsed.Errors[0];
      return { error: ErrorCode, error_description: Message };
    }
  } catch {
    // An answer that is not JSON has no error code.
  }
  return null;
}
