import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../../../demo/n8n/environment';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { distribution, type Distribution } from '../../report/statistics';

/** Cost of a step: its time, and the memory that it leaves in use. */
export interface StartupStep {
  milliseconds: Distribution;
  /** MiB of resident memory, garbage collected. */
  mebibytes: Distribution;
}

/** Cost of the package in a new process. */
export interface StartupResult {
  /** Loading all nodes and credentials of package.json, as n8n does at its start. */
  load: StartupStep;
  /** The first token, for which libraries are loaded, keys are parsed and a connection is opened. */
  firstToken: StartupStep;
  /** One more token, over the same connection. */
  secondToken: StartupStep;
}

type Measured = Record<keyof StartupResult, { milliseconds: number; mebibytes: number }>;

/** Measures the start-up in new processes, one after the other. */
export async function measureStartup(
  bank: BenchBank,
  files: BenchFiles,
  rounds: number,
): Promise<StartupResult> {
  const tokenEndpoint = `${bank.url}/token`;
  const bankSettings = {
    ...{ bank: 'custom', issuer: tokenEndpoint, tokenEndpoint },
    ...{ clientId: CLIENT_ID, scope: 'accounts' },
  };
  const measured: Measured[] = [];
  // The first process reads the files from the disk and is not counted.
  for (let round = -1; round < rounds; round++) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', join(__dirname, 'startup.cjs'), JSON.stringify({ ...bankSettings, files })],
      { env: inheritedEnvironment() },
    );
    if (round >= 0) measured.push(JSON.parse(stdout) as Measured);
  }
  const step = (name: keyof StartupResult): StartupStep => ({
    milliseconds: distribution(measured.map((each) => each[name].milliseconds)),
    mebibytes: distribution(measured.map((each) => each[name].mebibytes)),
  });
  return {
    load: step('load'),
    firstToken: step('firstToken'),
    secondToken: step('secondToken'),
  };
}
