import { isDeepStrictEqual } from 'node:util';
import type { BenchBank } from '../../bank/server';
import { BenchFailure } from '../../failure';
import type { Effort } from '../../options';
import { shuffled } from '../../report/shuffle';
import { distribution, ratios, type Distribution } from '../../report/statistics';
import type { BenchN8n, ExecutionCost, N8nSession } from '../n8n/session';
import { itemsPath, pullApproaches, pullPath, type Place, type PullApproach } from './workflows';

/** Pages of the account that is pulled from the bank on this machine. */
export const NEAR_PAGES = 1000;

/** Transactions on a page of the bank. */
const ROWS = 50;

/** Pages of the account whose items both approaches must return alike, and which are read before the clock starts. */
const TRIAL_PAGES = 5;

/** Cost of pulls with one approach, in a real n8n. */
export interface PullCost {
  /** Microseconds for each page. */
  microseconds: Distribution;
  /** Milliseconds for each page behind a network with a delay. */
  distantMilliseconds: Distribution;
  /** Resident memory of n8n that the pull adds at its highest, MiB. */
  addedMebibytes: Distribution;
  /** TLS connections for all pages and those that were read before the clock started, at most. */
  connections: number;
  /** The same behind a network with a delay. */
  distantConnections: number;
}

/** Results of pulls in a real n8n. */
export interface InN8nResult {
  pages: number;
  distantPages: number;
  approaches: Record<PullApproach, PullCost>;
  ratios: Record<string, Distribution>;
}

/** A pull, as n8n and the bank saw it: connections also of the pages that were read before the clock started. */
interface Pull {
  cost: ExecutionCost;
  connections: number;
}

type Pulls = Record<Place, Pull>;

/**
 * Compares pulls of all transactions of an account: each approach in a new process of n8n, in random order in each round.
 *
 * @param distantUrl the bank behind a network with a delay
 * @throws BenchFailure if the approaches return different items, or if the bank sees another number of requests than pages
 */
export async function measureInN8n(
  n8n: BenchN8n,
  bank: BenchBank,
  distantUrl: string,
  { pullRounds, pullDistantPages: distantPages }: Effort,
): Promise<InN8nResult> {
  await bank.prepare([
    { base: bank.url, account: accountOf(TRIAL_PAGES) },
    { base: bank.url, account: accountOf(NEAR_PAGES) },
    { base: distantUrl, account: accountOf(TRIAL_PAGES) },
    { base: distantUrl, account: accountOf(distantPages) },
  ]);
  const rounds: Record<PullApproach, Pulls[]> = { node: [], httpRequest: [] };
  const trials: Partial<Record<PullApproach, unknown[]>> = {};
  for (let round = 0; round < pullRounds; round++) {
    // HTTP Request first: it begins the record of the consent with the refresh token of the credential.
    const order: PullApproach[] = round === 0 ? ['httpRequest', 'node'] : shuffled(pullApproaches);
    for (const approach of order) {
      await n8n.inSession(async (session) => {
        const pull = (place: Place, pages: number) => pulled(session, bank, approach, place, pages);
        const atStart = (await bank.counts()).connections;
        trials[approach] = await session.items(itemsPath(approach), [accountOf(TRIAL_PAGES)]);
        await pull('near', TRIAL_PAGES);
        const near = await pull('near', NEAR_PAGES);
        const afterNear = (await bank.counts()).connections;
        await pull('distant', TRIAL_PAGES);
        const distant = await pull('distant', distantPages);
        const afterDistant = (await bank.counts()).connections;
        rounds[approach].push({
          near: { cost: near, connections: afterNear - atStart },
          distant: { cost: distant, connections: afterDistant - afterNear },
        });
      });
    }
  }
  requireEqual(trials);
  return resultOf(rounds, distantPages);
}

function accountOf(pages: number): string {
  return `${pages}-a`;
}

async function pulled(
  session: N8nSession,
  bank: BenchBank,
  approach: PullApproach,
  place: Place,
  pages: number,
): Promise<ExecutionCost> {
  const path = pullPath(approach, place);
  const before = await bank.counts();
  const cost = await session.run(path, [accountOf(pages)]);
  const after = await bank.counts();
  const seen = after.dataRequests - before.dataRequests;
  if (seen !== pages || cost.items !== pages * ROWS) {
    throw new BenchFailure(`${path}: ${seen} requests and ${cost.items} items for ${pages} pages.`);
  }
  return cost;
}

function requireEqual({ node, httpRequest }: Partial<Record<PullApproach, unknown[]>>): void {
  if (node?.length === TRIAL_PAGES * ROWS && isDeepStrictEqual(node, httpRequest)) return;
  throw new BenchFailure('The node and HTTP Request did not return the same transactions.');
}

function resultOf(rounds: Record<PullApproach, Pulls[]>, distantPages: number): InN8nResult {
  const figures = (approach: PullApproach, figure: (pulls: Pulls) => number) =>
    rounds[approach].map(figure);
  const near = ({ near: { cost } }: Pulls) => cost.milliseconds;
  const distant = ({ distant: { cost } }: Pulls) => cost.milliseconds;
  const added = ({ near: { cost } }: Pulls) => cost.addedMebibytes;
  const costOf = (approach: PullApproach): PullCost => ({
    microseconds: distribution(figures(approach, (pulls) => (near(pulls) * 1000) / NEAR_PAGES)),
    distantMilliseconds: distribution(figures(approach, (pulls) => distant(pulls) / distantPages)),
    addedMebibytes: distribution(figures(approach, added)),
    connections: Math.max(...figures(approach, (pulls) => pulls.near.connections)),
    distantConnections: Math.max(...figures(approach, (pulls) => pulls.distant.connections)),
  });
  const ratio = (figure: (pulls: Pulls) => number) =>
    distribution(ratios(figures('httpRequest', figure), figures('node', figure)));
  return {
    pages: NEAR_PAGES,
    distantPages,
    approaches: { node: costOf('node'), httpRequest: costOf('httpRequest') },
    ratios: {
      pull_vs_http_request: ratio(near),
      pull_vs_http_request_20ms: ratio(distant),
      pull_memory_vs_http_request: distribution(
        ratios(figures('node', added), figures('httpRequest', added)),
      ),
      pull_connections_per_1000_pages: distribution(
        figures('node', (pulls) => (pulls.near.connections * 1000) / NEAR_PAGES),
      ),
    },
  };
}
