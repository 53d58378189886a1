import { readFileSync } from 'node:fs';
import { bareName, isWithin, networks } from './addresses';

/** The networks that n8n blocks by default: the list of n8n 2. */
export const DEFAULT_BLOCKED_NETWORKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '::1/128',
  '169.254.0.0/16',
  'fe80::/10',
  'fc00::/7',
  'fd00::/8',
  '0.0.0.0/8',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
];

/** The SSRF protection of n8n, which its administrator turns on and sets up. */
export interface SsrfProtection {
  /** Whether a host name may be asked: `any` address, `none`, or `allowed` ones. */
  readonly ofName: (name: string) => 'any' | 'none' | 'allowed';
  /** Whether an IP address may be asked. */
  readonly allows: (address: string) => boolean;
}

/**
 * n8n's SSRF protection, as its variables say; `undefined` if it is off.
 *
 * Read from the environment because n8n gives its own filter only to executions of nodes (`helpers.getSecureEgressFilter`), and not to
 * the test of a credential, nor to `authenticate`. Rules and names are those of n8n: `N8N_SSRF_PROTECTION_ENABLED`,
 * `N8N_SSRF_BLOCKED_IP_RANGES`, `N8N_SSRF_ALLOWED_IP_RANGES`, `N8N_SSRF_BLOCKED_HOSTNAMES`, `N8N_SSRF_ALLOWED_HOSTNAMES`, each also with
 * `_FILE`.
 */
export function ssrfProtection(environment: NodeJS.ProcessEnv): SsrfProtection | undefined {
  const read = (name: string) => valueOf(`N8N_SSRF_${name}`, environment);
  if (!['true', '1'].includes(read('PROTECTION_ENABLED')?.toLowerCase() ?? '')) return undefined;
  const list = (name: string) => listOf(read(name) ?? '');
  const blocked = networks(
    listOf(unquoted(read('BLOCKED_IP_RANGES') ?? 'default')).flatMap((range) =>
      range.toLowerCase() === 'default' ? DEFAULT_BLOCKED_NETWORKS : [range],
    ),
  );
  const allowed = networks(list('ALLOWED_IP_RANGES'));
  const allowedNames = list('ALLOWED_HOSTNAMES');
  const blockedNames = list('BLOCKED_HOSTNAMES');
  return {
    ofName: (name) => {
      if (isListed(name, allowedNames)) return 'any';
      return isListed(name, blockedNames) ? 'none' : 'allowed';
    },
    allows: (address) => isWithin(address, allowed) || !isWithin(address, blocked),
  };
}

/** Whether a name is in a list of names and of patterns such as `*.bank.example`. */
function isListed(name: string, patterns: readonly string[]): boolean {
  const bare = bareName(name);
  return patterns.map(bareName).some((pattern) => {
    if (!pattern.startsWith('*.')) return bare === pattern;
    return bare.endsWith(pattern.slice(1)) && bare.length > pattern.length - 1;
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2');
}

function valueOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { [name]: value, [`${name}_FILE`]: file } = environment;
  if (value !== undefined || !file) return value;
  return readFileSync(file, 'utf8').trim();
}
