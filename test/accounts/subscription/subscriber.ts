import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type BankClient } from '../../../core/oauth/client';
import type { SqlStore } from '../../../core/store/sqlStore';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import {
  Subscription,
  type HandOver,
  type NewTransaction,
  type SubscriptionOptions,
} from '../../../core/accounts/subscription/subscription';
import { SyncMemory } from '../../../core/sync/memory';
import { Heart } from '../../../core/tokens/consents/heart';
import { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { Processes } from '../../../core/tokens/processes';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { SealedMemories } from '../../../core/tokens/sealedMemories';
import { customCredential } from '../../support/bank/credential';
import { closeAfterTest } from '../../support/servers/closing';
import { createTestDatabase } from '../../support/stores/postgres';
import { moveStoreClock, storeWithClock } from '../../support/stores/storeClock';
import type { LedgerBank } from './ledgerBank';

const folder = mkdtempSync(join(tmpdir(), 'open-banking-sync-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

let files = 0;

/** A place for positions. */
export interface SyncPlace {
  /** Another connection to it, as a process has. */
  open(): SqlStore;
  /** Lets time pass for the store. */
  pass?(milliseconds: number): void;
}

/** A new SQLite file. Its clock can be moved. */
export function sqlitePlace(): Promise<Required<SyncPlace>> {
  const file = join(folder, `${++files}.sqlite`);
  return Promise.resolve({
    open: () => storeWithClock(file),
    pass: (milliseconds) => moveStoreClock(file, milliseconds),
  });
}

/** A new PostgreSQL database. */
export async function postgresPlace(): Promise<SyncPlace> {
  const database = await createTestDatabase();
  return {
    open: () => {
      const store = new PostgresStore(database.connectionString);
      closeAfterTest(() => store.close());
      return store;
    },
  };
}

/** Options of a subscription in the tests: the bank has no limit. */
export const OPTIONS: SubscriptionOptions = {
  subscriber: 'w1/n1',
  withPending: false,
  start: { from: '2020-01-01' },
  windowDays: 14,
  wideDays: 45,
  maximumRows: 1000,
  maximumOpen: 10,
  deadline: 3_600_000,
};

/** The differences of a subscriber from others. */
export interface SubscriberOptions extends Partial<SubscriptionOptions> {
  /** The process, see `thisProcess`. */
  process?: string;
  encryptionKey?: string;
  consent?: string;
  store?: SqlStore;
}

let processes = 0;

/** Names of processes that have ended. */
const ended = new Set<string>();

/** A workflow with a trigger, in a process of its own. */
export class Subscriber {
  /** Hand-overs that were neither committed nor failed, in their order. */
  readonly open: HandOver[] = [];

  private constructor(
    readonly subscription: Subscription,
    readonly sync: SyncMemory,
    readonly tokens: ConsentTokens,
    readonly process: string,
    readonly consent: string,
    private readonly clock: { now: number },
  ) {}

  /** The clock of this process. */
  get now(): number {
    return this.clock.now;
  }

  set now(now: number) {
    this.clock.now = now;
  }

  static async start(
    place: SyncPlace,
    bank: LedgerBank,
    {
      process = `process ${++processes}`,
      encryptionKey = '',
      consent = 'c',
      store = place.open(),
      ...options
    }: SubscriberOptions = {},
  ): Promise<Subscriber> {
    const client = await testClient();
    const keys = encryptionKeys(encryptionKey, client.profile);
    // Executions that are open at the end of a test would beat on, and open the store again.
    let isOver = false;
    closeAfterTest(() => {
      isOver = true;
      return Promise.resolve();
    });
    const beat = (name: string) => (isOver ? Promise.resolve() : store.beat(name));
    const heart = new Heart({ beat }, process);
    const known = new Processes(heart, store.memories, (name) => ended.has(name));
    const memories = new SealedMemories(client, store.memories, keys);
    const sync = new SyncMemory(memories, known, store.memories);
    const tokens = new ConsentTokens(client, store, keys);
    const whole = { ...OPTIONS, ...options };
    const clock = { now: Date.now() };
    const environment = { now: () => clock.now, source: () => bank };
    const subscription = new Subscription(client, { tokens, sync }, whole, {}, environment);
    return new Subscriber(subscription, sync, tokens, process, consent, clock);
  }

  /** Polls. @returns what was handed over */
  async poll(...consents: string[]): Promise<NewTransaction[]> {
    const before = this.open.length;
    await this.report(...consents);
    return this.open.slice(before).flatMap(({ items }) => items);
  }

  /** Polls. @returns the report */
  report(...consents: string[]) {
    const all = consents.length > 0 ? consents : [this.consent];
    return this.subscription.poll(all, (handOver) => this.open.push(handOver));
  }

  /** Hands over what waits in memory. */
  async handWaiting(): Promise<NewTransaction[]> {
    const before = this.open.length;
    await this.subscription.handWaiting((handOver) => this.open.push(handOver));
    return this.open.slice(before).flatMap(({ items }) => items);
  }

  /** All open executions succeed. */
  async succeed(): Promise<void> {
    for (const handOver of this.open.splice(0)) await handOver.committed();
  }

  /** All open executions fail. */
  async fail(): Promise<void> {
    for (const handOver of this.open.splice(0)) await handOver.failed();
  }

  /** Polls, and the executions succeed. @returns what was handed over */
  async round(...consents: string[]): Promise<NewTransaction[]> {
    const items = await this.poll(...consents);
    await this.succeed();
    return items;
  }

  /** The process ends without a word. */
  kill(): void {
    ended.add(this.process);
    this.open.length = 0;
  }
}

let client: Promise<BankClient> | undefined;

/** The client of all tests. */
export function testClient(): Promise<BankClient> {
  client ??= customCredential('https://bank.example').then((settings) =>
    createClient({ ...settings, accountApiUrl: 'https://bank.example/aisp' }),
  );
  return client;
}

/** The IDs of items. */
export function idsOf(items: readonly NewTransaction[]): string[] {
  return items.map(({ transaction_id }) => transaction_id);
}

/** Events and IDs of items. */
export function eventsOf(items: readonly NewTransaction[]): string[] {
  return items.map(({ event, transaction_id, was }) =>
    [event, transaction_id, ...(was === undefined ? [] : [`was ${was}`])].join(' '),
  );
}
