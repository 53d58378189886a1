import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WebSocket } from 'undici';
import type { ImportableWorkflow } from '../../../demo/examples';
import { dataFolder } from '../../../demo/n8n/environment';
import { sessionCookie, setUpOwner } from '../../../demo/n8n/owner';
import { startServer, type N8nServer } from '../../../demo/n8n/server';
import { freePort } from '../../../demo/ports';
import { n8nWithPackage, type TemporaryN8n } from '../n8nWithPackage';
import { until } from '../until';

/** An answer of n8n's REST interface, or a message to the editor. */
export interface Said {
  name: string;
  body: string;
}

/** A message of n8n to the editor. */
interface PushMessage {
  type: string;
  data?: { executionId?: string };
}

/** An execution that n8n has stored. */
export interface StoredExecution {
  id: number;
  workflowId: string;
  status: string;
  mode: string;
}

const UNDER_WAY = ['new', 'running', 'waiting'];

/** Settings of a workflow: everything is stored. */
const everythingStored = {
  executionOrder: 'v1',
  saveDataErrorExecution: 'all',
  saveDataSuccessExecution: 'all',
  saveExecutionProgress: true,
  saveManualExecutions: true,
};

const PUSH_REFERENCE = 'leak-test';

/** A real n8n that writes everything down, with an open editor. All that it says is kept, to be searched. */
export class WatchedN8n {
  readonly answers: Said[] = [];
  readonly frames: Said[] = [];
  /** The temporary folder of its processes. */
  readonly temporaryFolder: string;
  /** The files of its log, in addition to its output. */
  readonly logFolder: string;
  readonly #ended = new Set<string>();
  #socket: WebSocket | undefined;

  private constructor(
    readonly n8n: TemporaryN8n,
    readonly server: N8nServer,
    private readonly cookie: string,
  ) {
    this.temporaryFolder = temporaryFolderOf(n8n.userFolder);
    this.logFolder = logFolderOf(n8n.userFolder);
  }

  /** @param environment more variables of n8n's environment */
  static async start(environment: NodeJS.ProcessEnv): Promise<WatchedN8n> {
    const n8n = await n8nWithPackage();
    const { userFolder } = n8n;
    await mkdir(temporaryFolderOf(userFolder));
    n8n.environment = {
      N8N_LOG_LEVEL: 'debug',
      N8N_LOG_OUTPUT: 'console,file',
      N8N_LOG_FILE_LOCATION: join(logFolderOf(userFolder), 'n8n.log'),
      TMPDIR: temporaryFolderOf(userFolder),
      ...environment,
    };
    const server = await startServer(n8n, await freePort());
    await setUpOwner(server);
    const watched = new WatchedN8n(n8n, server, await sessionCookie(server));
    await watched.#openEditor();
    return watched;
  }

  /** n8n's own database. */
  get databaseFile(): string {
    return join(dataFolder(this.n8n), 'database.sqlite');
  }

  /** Sends a request as the editor does. @returns its answer with any status */
  async send(method: string, path: string, body?: object): Promise<{ ok: boolean; text: string }> {
    const response = await fetch(`${this.server.url}${path}`, {
      method,
      headers: {
        ...{ cookie: this.cookie, 'push-ref': PUSH_REFERENCE },
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    this.answers.push({ name: `${method} ${path}`, body: text });
    return { ok: response.ok, text };
  }

  /** Sends a request, and returns the `data` of its answer. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const { ok, text } = await this.send(method, path, body);
    if (!ok) throw new Error(`n8n refused ${method} ${path}: ${text}`);
    return (JSON.parse(text) as { data: T }).data;
  }

  /** Posts a form, as the browser of a customer does. @returns the page */
  async visit(path: string, form: Record<string, string>): Promise<string> {
    const body = new URLSearchParams(form);
    const response = await fetch(`${this.server.url}${path}`, { method: 'POST', body });
    const page = await response.text();
    this.answers.push({ name: `POST ${path}`, body: page });
    return page;
  }

  /** Stores a credential. @returns its ID */
  async createCredential(name: string, data: object): Promise<string> {
    const credential = { name, type: 'openBankingApi', data };
    return (await this.call<{ id: string }>('POST', '/rest/credentials', credential)).id;
  }

  /** Stores a workflow, and publishes it if not told otherwise. */
  async createWorkflow(
    { name, nodes, connections }: Omit<ImportableWorkflow, 'id'>,
    { settings = {}, isPublished = true } = {},
  ): Promise<ImportableWorkflow> {
    const given = { name, nodes, connections, settings: { ...everythingStored, ...settings } };
    type Stored = ImportableWorkflow & { versionId: string };
    const stored = await this.call<Stored>('POST', '/rest/workflows', given);
    const { id, versionId } = stored;
    if (isPublished) await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
    return stored;
  }

  /** Runs a workflow in the editor, and waits for its end. */
  async run(workflow: ImportableWorkflow, trigger: string): Promise<void> {
    const { executionId } = await this.call<{ executionId: string }>(
      'POST',
      `/rest/workflows/${workflow.id}/run`,
      { workflowData: workflow, triggerToStartFrom: { name: trigger } },
    );
    await until(() => this.#ended.has(executionId), 30_000);
  }

  /** Waits until no execution is under way, and lists all of them. */
  async executions(): Promise<StoredExecution[]> {
    let all = this.#storedExecutions();
    const isOver = () =>
      (all = this.#storedExecutions()).every(({ status }) => !UNDER_WAY.includes(status));
    await until(isOver, 30_000);
    return all;
  }

  /** Waits until a workflow has ended once. */
  async hasEnded({ id }: ImportableWorkflow): Promise<void> {
    const isEnded = () =>
      this.#storedExecutions().some(
        ({ workflowId, status }) => workflowId === id && !UNDER_WAY.includes(status),
      );
    await until(isEnded, 30_000);
  }

  #storedExecutions(): StoredExecution[] {
    const database = new DatabaseSync(this.databaseFile, { readOnly: true });
    try {
      const rows = database.prepare('SELECT id, workflowId, status, mode FROM execution_entity');
      return rows.all().map((row) => ({ ...(row as unknown as StoredExecution) }));
    } finally {
      database.close();
    }
  }

  async stop(): Promise<void> {
    this.#socket?.close();
    await this.server.stop();
    await this.n8n.remove();
  }

  async #openEditor(): Promise<void> {
    const { url } = this.server;
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}/rest/push?pushRef=${PUSH_REFERENCE}`,
      { headers: { cookie: this.cookie, origin: url } },
    );
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      const body = typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString();
      const message = JSON.parse(body) as PushMessage;
      this.frames.push({ name: `push message ${message.type}`, body });
      if (message.type === 'executionFinished') this.#ended.add(message.data!.executionId!);
    });
    await new Promise<void>((done, failed) => {
      socket.addEventListener('open', () => done());
      socket.addEventListener('error', () => failed(new Error('n8n refused the push connection')));
    });
  }
}

const temporaryFolderOf = (userFolder: string) => join(userFolder, 'temporary');
const logFolderOf = (userFolder: string) => join(userFolder, 'logs');
