import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HandOver } from '../../../core/accounts/subscription/subscription';
import type { SimplifiedTransaction } from '../../../core/accounts/simplified/transaction';
import type { BankClient } from '../../../core/oauth/client';
import { createClient } from '../../../core/oauth/client';
import { nodeSqlite } from '../../../core/store/sqlite/nodeSqlite';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import { customCredential } from '../../support/bank/credential';
import type { End, History, Step } from './history';
import type { Delivery } from './judgement';
import { ReaderProcess } from './readerProcess';
import type { Reader } from './reads';
import { dayText, type World } from './world';

const HOUR = 3_600_000;

/** A file of positions, and the connections of two processes to it. Histories use consents of their own in it. */
export class Place {
  readonly #folder = mkdtempSync(join(tmpdir(), 'open-banking-histories-'));
  readonly #file = join(this.#folder, 'store.sqlite');
  /** The clock is in the file, in hours. SQLite itself does not use this number. */
  readonly #clock = `(SELECT application_id FROM pragma_application_id) * ${HOUR}`;
  readonly stores = [0, 1].map(() => new SqliteStore(this.#file, undefined, this.#clock));
  readonly client: BankClient;
  isOver = false;
  #histories = 0;

  private constructor(client: BankClient) {
    this.client = client;
  }

  static async open(): Promise<Place> {
    const credential = await customCredential('https://bank.example');
    const settings = { ...credential, accountApiUrl: 'https://bank.example/aisp' };
    const place = new Place(await createClient(settings));
    await place.stores[0]!.memories.now();
    return place;
  }

  /** A new consent. The memory of a consent without stored tokens would be forgotten in the middle of a long history. */
  nextConsent(): string {
    const consent = `consent ${++this.#histories}`;
    this
      .#execute(`INSERT INTO tokens (name, bank, client_id, consent, envelope, state, obtained_at, certificate_thumbprint, revision)
      VALUES ('${consent}', 'none', '${this.client.profile.clientId}', '${consent}', x'00', 'usable', 0, '', 1)`);
    return consent;
  }

  setClock(hours: number): void {
    this.#execute(`PRAGMA application_id = ${hours}`);
  }

  #execute(statement: string): void {
    const database = new (nodeSqlite().DatabaseSync)(this.#file, { timeout: 5000 });
    database.exec(statement);
    database.close();
  }

  async close(): Promise<void> {
    // Executions that gave no answer would beat on, and open the stores again.
    this.isOver = true;
    await Promise.all(this.stores.map((store) => store.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The subscription of the product, in two processes that die and start again. */
export class SubscriptionReader implements Reader {
  readonly deliveries: Delivery[] = [];
  readonly #consent: string;
  readonly #processes: (ReaderProcess | undefined)[] = [undefined, undefined];
  #started = 0;
  /** Whether the process of a poll lived until its end. */
  #hasBegun = false;
  #mayHaveBegun = false;

  constructor(
    readonly place: Place,
    readonly world: World,
    readonly history: History,
  ) {
    this.#consent = place.nextConsent();
    place.setClock(world.hours);
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'wait') await this.#wait(step.hours);
    if (step.do === 'poll') await this.#poll(step.by, step.end, step.dies);
    if (step.do === 'poll twice at once') {
      await Promise.all([this.#poll(0, step.end), this.#poll(1, step.end)]);
    }
  }

  async #wait(hours: number): Promise<void> {
    const { place, world } = this;
    place.setClock(world.hours);
    for (const [connection, process] of this.#processes.entries()) {
      if (!process || process.isDead) continue;
      await place.stores[connection]!.beat(process.name);
      // n8n says very late that the execution succeeded.
      if (hours === 24) for (const one of process.silent.splice(0)) await one.committed();
      const { waitingUntil } = process.subscription;
      if (waitingUntil !== undefined && waitingUntil <= world.hours * HOUR) {
        await this.#hand(process, 'success', (receive) =>
          process.subscription.handWaiting(receive),
        );
      }
    }
  }

  async #poll(by: 0 | 1, end: End, dies?: number): Promise<void> {
    if (!this.#hasBegun) this.#begin();
    const process = this.#living(by);
    if (dies !== undefined) {
      process.statements = dies;
      process.isLastCarriedOut = dies % 2 === 0;
    }
    const before = this.world.answers.length;
    await this.#hand(process, end, async (receive) => {
      await process.subscription.poll([this.#consent], receive);
    });
    if (process.isDead) this.#noteUnseen(process, before);
    this.#mayHaveBegun = true;
    this.#hasBegun ||= !process.isDead;
    if (dies !== undefined || end.startsWith('crash')) process.isDead = true;
  }

  /** Answers that a process did not store before it died are known to nobody. @param before number of answers before its last poll */
  #noteUnseen(process: ReaderProcess, before: number): void {
    const { answers, unseen, perhapsUnseen } = this.world;
    const last = answers.slice(before);
    const places = new Map(last.map(({ account }, at) => [account, before + at]));
    const stored = process.stored([...places.values()].sort((one, other) => one - other));
    if (stored === 'all') return;
    for (const answer of last) (stored === 'none' ? unseen : perhapsUnseen).add(answer);
  }

  /** The first run begins with all accounts at once. If its process dies, it may have begun, or the next poll begins. */
  #begin(): void {
    const { world } = this;
    world.begunAt = this.#mayHaveBegun ? NaN : world.hours;
    const beginning = { day: dayText(world.today), found: new Set<number>() };
    for (const { index } of world.accounts) world.beginnings.set(index, beginning);
  }

  /** Hands over, and lets the executions end, until nothing more comes. */
  async #hand(
    process: ReaderProcess,
    end: End,
    act: (receive: (handOver: HandOver) => void) => Promise<void>,
  ): Promise<void> {
    let received: HandOver[] = [];
    const receive = (handOver: HandOver) => received.push(handOver);
    let next = () => act(receive);
    do {
      received = [];
      try {
        await next();
      } catch (error) {
        if (!process.isDead) throw error;
      }
      for (const handOver of received) await this.#end(process, handOver, end);
      next = () => process.subscription.handWaiting(receive);
    } while (received.length > 0 && end === 'success' && !process.isDead);
  }

  async #end(process: ReaderProcess, handOver: HandOver, end: End): Promise<void> {
    switch (end) {
      case 'success':
        try {
          await handOver.committed();
          this.#deliver(handOver, 'succeeded');
        } catch (error) {
          if (!process.isDead) throw error;
          this.#deliver(handOver, 'succeeded, unreported');
        }
        return;
      case 'failure':
        await handOver.failed();
        this.#deliver(handOver, 'failed');
        return;
      case 'silence':
        process.silent.push(handOver);
        this.#deliver(handOver, 'succeeded, unreported');
        return;
      case 'crash before success':
      case 'crash after success':
        process.isDead = true;
        this.#deliver(handOver, end === 'crash after success' ? 'succeeded, unreported' : 'failed');
        await handOver.failed();
    }
  }

  #deliver({ items }: HandOver, end: Delivery['end']): void {
    for (const item of items) {
      if (!('amount' in item) || item.status !== 'booked') continue;
      this.deliveries.push({ ...deliveryOf(this.world, item), end });
    }
  }

  #living(by: 0 | 1): ReaderProcess {
    const present = this.#processes[by];
    if (present && !present.isDead) return present;
    const name = `${this.#consent}, process ${++this.#started}`;
    const process = new ReaderProcess(this.place, by, name, this.world, this.history);
    this.#processes[by] = process;
    return process;
  }
}

function deliveryOf(world: World, item: SimplifiedTransaction): Omit<Delivery, 'end'> {
  const { account_key, account_id, transaction_id, booked_at = '', amount } = item;
  return {
    account: world.indexOf(account_id),
    id: `${account_key} ${transaction_id}`,
    day: booked_at.slice(0, 10),
    amount: String(Number(amount)),
  };
}
