/** A contender of the library level. */
export interface PlannedContender {
  /** Of its file in `contenders/`. */
  readonly name: string;
  /** As the table names it. */
  readonly label: string;
  /** Tokens of a round at least: rounds are short, so that what disturbs one disturbs the others of the same round as well. */
  readonly tokens: number;
  /** Whether each token has a process of its own, so that there is nothing to warm up. */
  readonly isAProcessEach?: true;
  /** Whether it keeps its connections alive; that is checked. */
  readonly keepsAlive?: true;
  /** Of the ratio that compares it with this package; none for the bound and its parts. */
  readonly ratio?: string;
}

/** This package, by the name of its file. */
export const PACKAGE = 'package';

/** The parts of the bound, which are added up. */
export const BOUND = ['signature', 'roundTrip'] as const;

/** What is measured at the library level. */
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
  { name: 'signature', label: 'bound: signature', tokens: 192 },
  { name: 'roundTrip', label: 'bound: round trip', tokens: 640, keepsAlive: true },
  { name: 'rawHere', label: 'both, one thread', tokens: 128, keepsAlive: true },
  { name: 'rawElsewhere', label: 'both, signing threads', tokens: 128, keepsAlive: true },
];

/** Tokens with which every contender is warmed up: the same for all, because code is compiled by how often it ran. */
export const WARM_UP = 500;

/** Tokens before the measured rounds. */
export function warmUpOf({ isAProcessEach, tokens }: PlannedContender): number {
  return isAProcessEach ? tokens : WARM_UP;
}

/** Tokens of a round: with few for each in flight, its beginning and its end, where fewer are in flight, would be most of it. */
export function tokensOf(
  { isAProcessEach, tokens }: PlannedContender,
  concurrency: number,
): number {
  return isAProcessEach || concurrency === 1 ? tokens : Math.max(tokens, 8 * concurrency);
}

/** Whether the work of a contender is in processes that it starts, whose CPU time is not counted. */
export function startsProcesses(name: string): boolean {
  return contenders.some((contender) => contender.name === name && contender.isAProcessEach);
}
