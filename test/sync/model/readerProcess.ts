import { Subscription, type HandOver } from '../../../core/accounts/subscription/subscription';
import type { MemoryStore, NewMemory } from '../../../core/store/memories';
import { SyncMemory } from '../../../core/sync/memory';
import { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { Heart } from '../../../core/tokens/consents/heart';
import { Processes } from '../../../core/tokens/processes';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { SealedMemories } from '../../../core/tokens/sealedMemories';
import type { History } from './history';
import { ModelBank } from './modelBank';
import type { Place } from './subscriptionReader';
import { FROM, type World } from './world';

const HOUR = 3_600_000;

/** A process of the reader. It may die at each statement for the store. */
export class ReaderProcess {
  isDead = false;
  /** Statements that it lives for; `undefined`: it lives. */
  statements: number | undefined;
  isLastCarriedOut = false;
  readonly name: string;
  readonly subscription: Subscription;
  /** Hand-overs whose execution gave no answer. */
  readonly silent: HandOver[] = [];
  /** For each memory of an account that it has stored: the number of answers of the bank until then. */
  readonly #storedAt = new Map<string, number>();

  constructor(
    place: Place,
    connection: number,
    name: string,
    readonly world: World,
    history: History,
  ) {
    this.name = name;
    const store = place.stores[connection]!;
    const { client } = place;
    const keys = encryptionKeys('', client.profile);
    const mortal = this.#mortal(store.memories);
    const beat = () => (place.isOver ? Promise.resolve() : this.#statement(() => store.beat(name)));
    const heart = new Heart({ beat }, name);
    // The clock jumps only between polls, and then each living process beats: a second look has nothing to wait for.
    const processes = new Processes(heart, mortal, () => false, 0);
    const sync = new SyncMemory(new SealedMemories(client, mortal, keys), processes, mortal);
    const bank = new ModelBank(world, history.pageSize);
    const options = {
      ...{ subscriber: 'w/n', withPending: history.withPending, windowDays: 14, wideDays: 45 },
      start: history.start === 'now' ? ('now' as const) : { from: FROM },
      ...(history.readsPerDay !== undefined && { readsPerDay: history.readsPerDay }),
      ...{ maximumRows: history.maximumRows, maximumOpen: 10, deadline: HOUR },
    };
    const stored = { tokens: new ConsentTokens(client, store, keys), sync };
    const environment = { now: () => world.hours * HOUR, source: () => bank };
    this.subscription = new Subscription(client, stored, options, {}, environment);
  }

  #mortal(store: MemoryStore): MemoryStore {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...values: unknown[]) =>
          this.#statement(async () => {
            const result = (await Reflect.apply(method, target, values)) as unknown;
            const isStored = (name === 'add' || name === 'change') && result !== undefined;
            if (isStored) this.#note(values[0] as NewMemory);
            return result;
          });
      },
    });
  }

  #note({ kind, name }: NewMemory): void {
    if (kind === 'account') this.#storedAt.set(name, this.world.answers.length);
  }

  /**
   * How many of the last answers it has stored, which were to different accounts.
   *
   * @param places of the answers among all answers, in their order
   */
  stored(places: readonly number[]): 'all' | 'some' | 'none' {
    const counts = [...this.#storedAt.values()].sort((one, other) => one - other);
    const last = counts.slice(-places.length);
    if (places.every((place, at) => (last[at] ?? 0) > place)) return 'all';
    return counts.some((count) => count > places[0]!) ? 'some' : 'none';
  }

  async #statement<Result>(carryOut: () => Promise<Result>): Promise<Result> {
    if (this.isDead) throw new Error('This process is dead.');
    if (this.statements !== undefined && --this.statements < 0) {
      this.isDead = true;
      if (this.isLastCarriedOut) await carryOut();
      throw new Error('This process died.');
    }
    return carryOut();
  }
}
