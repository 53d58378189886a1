import { DAY } from '../lib/time';
import type { CountedReads, MemoryStore, ReadLimit } from '../store/memories';
import type { SealedMemories } from '../tokens/sealedMemories';

/** Part of the pause between two reads after which an account is due: polls come a little earlier or later. */
const EARLY = 0.95;

/** The name of the list of accounts among the resources of a consent. */
export const LIST = '';

/** The reads of a resource in the last 24 hours. */
export type Counted = Omit<CountedReads, 'name'>;

/** The limit for a number of reads in 24 hours: they are spread over the day. */
export function limitOf(readsPerDay: number): ReadLimit {
  return { count: readsPerDay, pause: (DAY / readsPerDay) * EARLY };
}

/**
 * When a resource may be read next, by the store's clock.
 *
 * @param own when this subscriber last read it, and how many subscribers read it: they take turns, so that none goes without
 */
export function dueAt(
  counted: Counted | undefined,
  { count, pause }: ReadLimit,
  own: { readonly readAt?: number; readonly subscribers: number } = { subscribers: 1 },
): number {
  const times = [0];
  if (counted) times.push(counted.lastAt + pause);
  if (counted && counted.count >= count) times.push(counted.firstAt + DAY);
  if (own.readAt !== undefined) times.push(own.readAt + pause * own.subscribers);
  return Math.max(...times);
}

/** The unattended reads of consents and accounts. The store has keyed digests of their names. */
export class Reads {
  constructor(
    private readonly store: MemoryStore,
    private readonly memories: Pick<SealedMemories, 'namesBy'>,
  ) {}

  /** The reads of resources in the last 24 hours. Those without a read are left out. @throws OpenBankingError those of the store */
  async counted(consent: string, resources: readonly string[]): Promise<Map<string, Counted>> {
    const byName = new Map<string, string>();
    for (const resource of resources) {
      for (const name of this.#namesOf(consent, resource)) byName.set(name, resource);
    }
    const reads = await this.store.countReads([...byName.keys()]);
    const all = new Map<string, Counted>();
    for (const { name, count, firstAt, lastAt } of reads) {
      const resource = byName.get(name)!;
      const former = all.get(resource) ?? { count: 0, firstAt: Infinity, lastAt: 0 };
      all.set(resource, {
        count: former.count + count,
        firstAt: Math.min(former.firstAt, firstAt),
        lastAt: Math.max(former.lastAt, lastAt),
      });
    }
    return all;
  }

  /** Counts reads that are never refused. @param reading identifies the execution. @throws OpenBankingError those of the store */
  async add(consent: string, resources: readonly string[], reading: string): Promise<void> {
    await this.store.addReads(
      resources.map((resource) => this.#namesOf(consent, resource)[0]!),
      reading,
    );
  }

  /** Notes reads while the customer is present, which no limit counts. @throws OpenBankingError those of the store */
  async noteAttended(
    consent: string,
    resources: readonly string[],
    reading: string,
  ): Promise<void> {
    await this.add(consent, resources.map(attended), reading);
  }

  /** Whether a resource was read in the last 24 hours. @throws OpenBankingError those of the store */
  async wasRead(consent: string, resource: string): Promise<boolean> {
    return (await this.counted(consent, [resource, attended(resource)])).size > 0;
  }

  /** Counts reads that the limit allows. @returns the resources that may be read. @throws OpenBankingError those of the store */
  async take(
    consent: string,
    resources: readonly string[],
    reading: string,
    limit: ReadLimit,
  ): Promise<ReadonlySet<string>> {
    const byName = new Map(
      resources.map((resource) => [this.#namesOf(consent, resource)[0]!, resource]),
    );
    const taken = await this.store.takeReads([...byName.keys()], reading, limit);
    return new Set(taken.map((name) => byName.get(name)!));
  }

  /** Takes back reads that the bank never saw. @throws OpenBankingError those of the store */
  async takeBack(consent: string, resources: readonly string[], reading: string): Promise<void> {
    await this.store.removeReads(
      resources.map((resource) => this.#namesOf(consent, resource)[0]!),
      reading,
    );
  }

  #namesOf(consent: string, resource: string): string[] {
    return this.memories.namesBy(['read', consent, resource]);
  }
}

/** The name under which reads of a resource are noted that do not count. */
function attended(resource: string): string {
  return `attended ${resource}`;
}
