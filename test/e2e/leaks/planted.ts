import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolder } from '../../../demo/n8n/environment';
import { json } from '../../support/bank/scriptedBank';
import { node } from '../workflows';
import { encodingNames, encodings } from './encodings';
import type { HostileBank } from './hostileBank';
import { exchange, type Kind } from './kinds';
import type { WatchedN8n } from './watchedN8n';

/** A secret that is put into each place, so that a search that does not find it there fails. */
const PLANTED = 'planted/"???" >>>+x=&<n8n';

/** Begins the names of the marks that are found. */
const PREFIX = 'planted';

/** Whether a mark was put where it was found. */
export const isPlanted = ({ mark }: { mark: string }) => mark.startsWith(PREFIX);

/** The planted secret in each form, by the form. */
const forms = Object.fromEntries(
  encodingNames.map((name) => [name, encodings[name](Buffer.from(PLANTED)).join(' ')]),
);

/** An exchange whose token a node after it copies, beside the planted secret: an output that may have no token. */
export const plantedKind: Kind = exchange(
  'an output with a secret',
  (bank) => json(200, bank.tokens({ access_token: bank.accessToken('planted token') })),
  { fails: false },
);

/** The node that copies the token. */
export const plantedNode = node('Copied', 'n8n-nodes-base.set', 3.4, {
  mode: 'raw',
  jsonOutput: `={{ { ...${JSON.stringify(forms)}, copy: $json.access_token } }}`,
  options: {},
});

/** Puts the secret into the logs, the temporary folder and the token store of a running n8n. */
export async function plant(watched: WatchedN8n, { marks }: HostileBank): Promise<void> {
  marks.never('planted secret', PLANTED);
  const { n8n, logFolder, temporaryFolder } = watched;
  const line = Buffer.from(`\n${Object.values(forms).join('\n')}\n`, 'latin1');
  const data = dataFolder(n8n);
  await appendFile(join(logFolder, 'n8n.log'), line);
  await appendFile(join(data, 'n8nEventLog.log'), line);
  await writeFile(join(temporaryFolder, 'file'), line);
  const store = new DatabaseSync(join(data, 'open-banking-tokens.sqlite'));
  store.exec('CREATE TABLE planted (form BLOB)');
  store.prepare('INSERT INTO planted VALUES (?)').run(line);
  store.close();
}

/** The places that have the planted secret in each form, as they are named in a hit. */
export const plantedPlaces: Record<string, RegExp> = {
  'the log file of n8n': /^file logs\/n8n\.log$/,
  'the event log': /^file \.n8n\/n8nEventLog\.log$/,
  'the temporary folder': /^file temporary\/file$/,
  'the token store with its journal': /^file \.n8n\/open-banking-tokens\.sqlite/,
  'an execution in the database': /^cell execution_data\.data,/,
  'an execution in the REST interface': /^GET \/rest\/executions\//,
  'a message to the editor': /^push message nodeExecuteAfterData$/,
};
