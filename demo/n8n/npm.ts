import { createWriteStream } from 'node:fs';
import { start } from '../processes';

/** The result of an npm command. */
export interface NpmResult {
  /** Exit code; `null` if a signal ended it or it could not be started. */
  code: number | null;
  stdout: string;
  /** npm's messages: stderr. */
  messages: string;
}

/**
 * Runs npm: the one that runs this process, or else the one on the PATH.
 *
 * @param logFile to which npm's output is also written
 */
export async function npm(
  args: string[],
  cwd: string,
  settings: { logFile?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<NpmResult> {
  const cli = process.env['npm_execpath'];
  const child = start(cli ? process.execPath : 'npm', cli ? [cli, ...args] : args, {
    cwd,
    env: { ...process.env, ...settings.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: !cli && process.platform === 'win32',
  });
  const log = settings.logFile ? createWriteStream(settings.logFile, { flags: 'a' }) : undefined;
  log?.write(`$ npm ${args.join(' ')}\n`);
  let stdout = '';
  let messages = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    log?.write(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    messages += chunk.toString();
    log?.write(chunk);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', (exitCode) => resolve(exitCode));
    child.once('error', (error) => {
      messages += error.message;
      resolve(null);
    });
  });
  log?.end();
  return { code, stdout, messages };
}

/**
 * The reason why an npm command failed, as a clause: `the disk is full`.
 *
 * @param messages npm's output on stderr
 */
export function npmFailureReason(messages: string): string {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(messages)?.[1];
  if (code === 'ENOSPC' || /no space left on device/i.test(messages)) return 'the disk is full';
  if (code && UNREACHABLE.has(code)) return `the npm registry could not be reached (${code})`;
  if (code === 'EINTEGRITY') return 'a download was damaged or altered on its way (EINTEGRITY)';
  if (code === 'E401' || code === 'E403') return `the npm registry refused access (${code})`;
  if (code === 'E404' || code === 'ETARGET') {
    return `the npm registry does not have one of the packages (${code})`;
  }
  return code ? `npm failed with ${code}` : 'npm failed';
}

const UNREACHABLE = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EIDLETIMEOUT',
  'ENETUNREACH',
  'ENOTFOUND',
  'ERR_SOCKET_TIMEOUT',
  'ETIMEDOUT',
]);
