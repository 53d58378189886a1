import { setTimeout as wait } from 'node:timers/promises';
import type { FamilyBank } from './familyBank';
import type { Host, Settings, Told } from './host';

/** The end of asking, and what was told before it. */
export interface Asked {
  /** The access token; `undefined` if none came in time, or if the customer has to consent again. */
  accessToken?: string;
  /** Codes of the errors before that. */
  codes: string[];
}

/**
 * Asks for a token again and again, as the runs of a workflow do, until one comes, the error says that the customer has to consent again, or
 * the time is over.
 */
export async function askUntilToken(
  host: Host,
  settings: Settings,
  consent: string,
  { seconds, pause = 300 }: { seconds: number; pause?: number },
): Promise<Asked> {
  const codes: string[] = [];
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const told = await host.valid(settings, consent);
    if (told.accessToken) return { accessToken: told.accessToken, codes };
    codes.push(codeOf(told));
    if (told.code === 'consent-ended' || performance.now() > until) return { codes };
    await wait(pause);
  }
}

/** The code of an error, and its outcome if nobody knows it. */
export function codeOf({ code = 'no code', outcome }: Told): string {
  return outcome === 'unknown' ? `${code}/unknown` : code;
}

/** The codes of all errors, each once. */
export function codesOf(told: readonly Told[]): string[] {
  return [...new Set(told.filter(({ accessToken }) => !accessToken).map(codeOf))];
}

/** Whether a consent is in order: its token can be refreshed once more. */
export async function isWell(
  host: Host,
  settings: Settings,
  consent: string,
  bank: FamilyBank,
): Promise<boolean> {
  const { accessToken } = await host.valid(settings, consent, { refreshNow: true });
  return accessToken !== undefined && accessToken === bank.current(consent);
}

/** Names of consents. */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
