/** A contender that is measured without n8n. */
export interface PlannedContender {
  /** Name of its file in `contenders/`. */
  readonly name: string;
  /** Its name in tables. */
  readonly label: string;
  /** Smallest number of tokens in a round. Rounds are short, so that other work on the machine disturbs all contenders of a round. */
  readonly tokens: number;
  /** Whether each token has a process of its own. Such a contender needs no warm-up. */
  readonly isAProcessEach?: true;
  /** Whether it keeps its connections alive, which the benchmark checks. */
  readonly keepsAlive?: true;
  /** Name of the ratio that compares it with this package; `undefined` for the parts of the physical limit. */
  readonly ratio?: string;
}

/** Name of the contender that is this package. */
export const PACKAGE = 'package';

/** The contenders that are added up to the physical limit. */
export const LIMIT_PARTS = ['signature', 'roundTrip'] as const;

/** All contenders that are measured without n8n. */
export const contenders: readonly PlannedContender[] = [
  { name: PACKAGE, label: 'this package', tokens: 128, keepsAlive: true },
  {
    name: 'curl',
    label: 'curl, one process a token',
    tokens: 16,
    isAProcessEach: true,
    ratio: 'vs_curl',
  },
  {
    name: 'openidClient',
    label: 'openid-client',
    tokens: 96,
    keepsAlive: true,
    ratio: 'vs_openid_client',
  },
  {
    name: 'oauth4webapiFetch',
    label: 'oauth4webapi, undici fetch',
    tokens: 96,
    keepsAlive: true,
    ratio: 'vs_oauth4webapi_fetch',
  },
  { name: 'simpleOauth2', label: 'simple-oauth2', tokens: 32, ratio: 'vs_simple_oauth2' },
  {
    name: 'axiosNewAgent',
    label: 'axios, an agent a request',
    tokens: 32,
    ratio: 'vs_axios_new_agent',
  },
  { name: 'signature', label: 'limit: signature', tokens: 192 },
  { name: 'roundTrip', label: 'limit: round trip', tokens: 640, keepsAlive: true },
];

/** Tokens before the measured rounds, because V8 compiles code only after many runs. The number is the same for all contenders. */
export const WARM_UP = 500;

/** Tokens that a contender gets before the measured rounds. */
export function warmUpOf({ isAProcessEach, tokens }: PlannedContender): number {
  return isAProcessEach ? tokens : WARM_UP;
}

/** Number of tokens in a round: at least eight for each request in flight, because fewer are in flight at its beginning and end. */
export function tokensOf(
  { isAProcessEach, tokens }: PlannedContender,
  concurrency: number,
): number {
  return isAProcessEach || concurrency === 1 ? tokens : Math.max(tokens, 8 * concurrency);
}

/** Whether a contender works in processes that it starts. Their CPU time is not counted. */
export function startsProcesses(name: string): boolean {
  return contenders.some((contender) => contender.name === name && contender.isAProcessEach);
}
