import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { setUpOwner } from '../../demo/n8n/owner';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { exampleCredential } from '../../demo/examples';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { opening } from './opened';

/** A sandbox bank, an n8n with the package, and the editor of this n8n in a browser. */
export interface EditorWithBank {
  bank: Sandbox;
  server: N8nServer;
  browser: Browser;
  editor: Editor;
}

interface EditorOptions {
  /** An n8n that has not been started; a new one if not given. The caller removes it. */
  n8n?: TemporaryN8n;
  /** Is called before n8n starts, for example to import workflows. */
  prepare?: (bank: Sandbox, n8n: TemporaryN8n) => Promise<void>;
}

/**
 * Starts a sandbox bank, an n8n and a browser, and opens the editor. `closeAll` ends them, even if the start fails.
 *
 * @param path the page of the editor
 */
export async function startEditorWithBank(
  path: string,
  { n8n, prepare }: EditorOptions = {},
): Promise<EditorWithBank> {
  const own = n8n ?? (await opening(n8nWithPackage(), (temporary) => temporary.remove()));
  const bank = await opening(startSandbox(), (sandbox) => sandbox.stop());
  await prepare?.(bank, own);
  const server = await opening(startServer(own, await freePort()), (started) => started.stop());
  await setUpOwner(server);
  const browser = await opening(
    startChromium(bank.ready.identityUrl, pemOf(bank, 'certificateAuthority')),
    (chromium) => chromium.close(),
  );
  return { bank, server, browser, editor: await Editor.open(browser, server, path) };
}

/** The text of one of the bank's files in PEM. */
export function pemOf({ ready }: Sandbox, file: keyof Sandbox['ready']['files']): string {
  return readFileSync(ready.files[file], 'utf8');
}

/** The fields of the credential's form that everybody fills in. */
const FORM_FIELDS = [
  ...['host', 'gatewayHost', 'clientId'],
  ...['transportCertificate', 'transportPrivateKey', 'certificateAuthorities', 'redirectUri'],
];

/** The right values of the credential's form for a bank, by the names of its fields. */
export async function formValues(bank: Sandbox): Promise<Record<string, string>> {
  const { data } = await exampleCredential(bank);
  return Object.fromEntries(FORM_FIELDS.map((name) => [name, String(data[name])]));
}
