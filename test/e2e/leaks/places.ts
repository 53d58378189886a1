import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unflatten } from '../executions';
import { textOutside, type Outputs } from './executionText';
import type { Place } from './search';
import type { Said, WatchedN8n } from './watchedN8n';

/** Everything that n8n has written and said. Of n8n's executions, the outputs that have tokens by design are left out. */
export async function everyPlace(watched: WatchedN8n, outputs: Outputs): Promise<Place[]> {
  return [
    ...(await filesBelow(watched)),
    ...cellsOf(watched.databaseFile, outputs),
    ...watched.answers.map((answer) => answerPlace(answer, outputs)),
    ...watched.frames.map((frame) => framePlace(frame, outputs)),
  ];
}

/** The files of n8n and of this package: logs, the event log, settings, databases with their journals, temporary files. */
async function filesBelow({ n8n: { userFolder } }: WatchedN8n): Promise<Place[]> {
  const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    // The code of installed packages and of the editor.
    .filter((path) => !/(^|[\\/])(node_modules|\.cache)[\\/]/.test(relative(userFolder, path)));
  return Promise.all(
    paths.map(async (path) => ({
      name: `file ${relative(userFolder, path)}`,
      // n8n removes files while they are read.
      content: withoutProxies(await readFile(path).catch(() => Buffer.alloc(0))),
      hasOutputs: /database\.sqlite/.test(path),
    })),
  );
}

/** A log without the line in which n8n itself writes the proxies of its environment, with their passwords. */
function withoutProxies(content: Buffer): Buffer {
  const at = content.indexOf(PROXIES);
  if (at < 0) return content;
  const end = content.indexOf('\n', at);
  return Buffer.concat([content.subarray(0, at), content.subarray(end < 0 ? content.length : end)]);
}

const PROXIES = 'global HTTP proxy agents';

/** Each cell of n8n's database. */
function cellsOf(path: string, outputs: Outputs): Place[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name));
    return tables.flatMap((table) =>
      database
        .prepare(`SELECT * FROM "${table}"`)
        .all()
        .flatMap((row, index) =>
          Object.entries(row)
            .filter(([, cell]) => cell !== null)
            .map(([column, cell]) => cellPlace(table, column, index, cell, outputs)),
        ),
    );
  } finally {
    database.close();
  }
}

function cellPlace(
  table: string,
  column: string,
  row: number,
  cell: unknown,
  outputs: Outputs,
): Place {
  const name = `cell ${table}.${column}, row ${row}`;
  if (table === 'execution_data' && column === 'data') {
    return { name, content: Buffer.from(textOutside(unflatten(String(cell)), outputs)) };
  }
  return {
    name,
    content: cell instanceof Uint8Array ? Buffer.from(cell) : Buffer.from(String(cell)),
  };
}

/** An answer of the REST interface; if it is an execution, without what outputs may have. */
function answerPlace({ name, body }: Said, outputs: Outputs): Place {
  if (!/^GET \/rest\/executions\/\d+/.test(name)) return { name, content: Buffer.from(body) };
  const { data } = JSON.parse(body) as { data: { data: string } };
  const { data: execution, ...others } = data;
  const text = textOutside(unflatten(execution), outputs);
  return { name, content: Buffer.from(`${JSON.stringify(others)}\n${text}`) };
}

/** A message to the editor; if it has the output of a node, without what this output may have. */
function framePlace({ name, body }: Said, outputs: Outputs): Place {
  const { type, data } = JSON.parse(body) as {
    type: string;
    data: { nodeName?: string; data?: unknown };
  };
  if (type !== 'nodeExecuteAfterData') return { name, content: Buffer.from(body) };
  const { data: run, ...others } = data;
  const text = textOutside(run, outputs, data.nodeName);
  return { name, content: Buffer.from(`${JSON.stringify(others)}\n${text}`) };
}
