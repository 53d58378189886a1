import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { MemoryKind, MemoryStore, NewMemory, StoredMemory } from '../store/memories';
import type { StoreTime } from '../store/store';
import type { BankClient } from '../oauth/client';
import { bankOf, otherBankOf } from '../profile/profile';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { EncryptionKey, EncryptionKeys } from './records/encryptionKeys';
import { decrypt, encrypt, keyOf } from './records/envelope';

/** The subject of a memory. */
export interface MemorySubject {
  readonly kind: MemoryKind;
  /** The name of the consent; empty if it belongs to none. */
  readonly consent: string;
  /** The key of the account, or the name of the subscriber; empty for the memory of the consent itself. */
  readonly about: string;
}

/** A memory that was decrypted. */
export interface OpenedMemory extends MemorySubject {
  /** Plain JSON. */
  readonly content: unknown;
  readonly name: string;
  readonly revision: number;
  readonly readAt: StoreTime;
  /** Whether there is no other one of the same subject, which processes with another order of keys made. */
  readonly isSole: boolean;
}

/** The memories of a consent. */
export interface MemoriesOfConsent {
  readonly own: readonly OpenedMemory[];
  /** Whether there are others that none of the keys can open. */
  readonly hasForeign: boolean;
  /** Whether some of them are going to be deleted, see `forgetLater`. */
  readonly isEnding: boolean;
}

/** Number of tries to change a memory that other callers change at the same time. */
const TRIES = 100;

/** Maximum milliseconds between two of these tries. */
const PAUSE = 50;

/**
 * The encrypted memories of one client at one bank. Each belongs to the key that encrypts it, and its name hides what it is about. A memory
 * under a former key, or under another name of the bank, moves to the present one when it is changed.
 */
export class SealedMemories {
  constructor(
    private readonly client: Pick<BankClient, 'profile' | 'endpoints'>,
    private readonly store: MemoryStore,
    private readonly keys: EncryptionKeys,
  ) {}

  /** The memories of a consent; those of no consent if it is empty. @throws OpenBankingError `record-damaged`, and those of the store */
  async ofConsent(consent: string): Promise<MemoriesOfConsent> {
    const { own, foreign } = await this.#find(consent);
    const opened = new Map<string, OpenedMemory>();
    for (const memory of own) {
      const one = this.#opened(memory);
      const subject = JSON.stringify([one.kind, one.about]);
      const first = opened.get(subject);
      // Two processes with another order of keys may each have made one. Everybody uses the first one.
      opened.set(subject, first ? { ...first, isSole: false } : one);
    }
    const isEnding = own.some((memory) => memory.isEnding);
    return { own: [...opened.values()], hasForeign: foreign.length > 0, isEnding };
  }

  /**
   * Changes a memory. Of several callers at the same time, each sees the change of the one before.
   *
   * @param change makes the new content from the present one; `undefined` changes nothing. It is called again if the content was changed
   *   meanwhile. If it throws, nothing is changed
   * @throws OpenBankingError `record-damaged`, `store-busy`, and those of the store
   */
  async change<Content>(
    subject: MemorySubject,
    change: (content: Content | undefined) => Content | undefined,
  ): Promise<Content | undefined> {
    let present = await this.read(subject);
    for (let tries = 0; tries < TRIES; tries++) {
      const before = present?.content as Content | undefined;
      const after = change(before);
      if (after === undefined) return before;
      if (await this.replace(subject, after, present)) return after;
      if (tries > 0) await setTimeout(Math.random() * PAUSE);
      present = await this.read(subject);
    }
    throw busyMemory(subject.consent);
  }

  /**
   * Stores content in place of what the caller read.
   *
   * @param seen the memory as it was read; `undefined` if there was none
   * @returns `false` if it was changed meanwhile: then nothing is stored
   * @throws OpenBankingError those of the store
   */
  async replace(
    subject: MemorySubject,
    content: unknown,
    seen: OpenedMemory | undefined,
  ): Promise<boolean> {
    const memory = this.#sealed(subject, content, seen?.isSole === false ? seen.name : undefined);
    const revision = seen
      ? await this.store.change(memory, seen.name, seen.revision)
      : await this.store.add(memory);
    return revision !== undefined;
  }

  /** Deletes the memories of a consent, even damaged ones. @throws OpenBankingError those of the store */
  async remove(consent: string): Promise<void> {
    await this.store.remove(await this.#namesOf(consent));
  }

  /** Deletes memories of one kind that belong to a consent. @throws OpenBankingError as {@link ofConsent} */
  async removeSome(consent: string, kind: MemoryKind, about: readonly string[]): Promise<void> {
    const { own } = await this.ofConsent(consent);
    const meant = own.filter((one) => one.kind === kind && about.includes(one.about));
    await this.store.remove(meant.map(({ name }) => name));
  }

  /** Deletes the memories of a consent after a time, unless they are used before. @throws OpenBankingError those of the store */
  async forgetLater(consent: string, milliseconds: number): Promise<void> {
    await this.store.forgetLater(await this.#namesOf(consent), milliseconds);
  }

  /** The memories of a consent are not deleted after all. @throws OpenBankingError those of the store */
  async keep(consent: string): Promise<void> {
    await this.store.keep(await this.#namesOf(consent));
  }

  /** A name by each key for something of a consent. The first one is used for what is new. */
  namesBy(parts: readonly string[]): [string, ...string[]] {
    const [first, ...others] = this.keys.map((key) => this.#digest(key, parts));
    return [first!, ...others];
  }

  async #namesOf(consent: string): Promise<string[]> {
    return (await this.#find(consent)).own.map(({ name }) => name);
  }

  /** A memory; `undefined` if there is none. @throws OpenBankingError as {@link ofConsent} */
  async read({ kind, consent, about }: MemorySubject): Promise<OpenedMemory | undefined> {
    const [found, ...others] = await this.store.find(this.namesBy([kind, consent, about]));
    if (found) return { ...this.#opened(found), isSole: others.length === 0 };
    // It may have the name of another bank.
    const { own } = await this.ofConsent(consent);
    return own.find((one) => one.kind === kind && one.about === about);
  }

  async #find(consent: string) {
    const { profile } = this.client;
    const others = [otherBankOf(profile)].filter((name) => name !== undefined);
    const at = (banks: string[]) => this.store.ofConsent(profile.clientId, banks, consent);
    let found = await at([bankOf(profile), ...others]);
    if (found.length === 0 && !('endpoints' in profile.bank)) {
      // They may have been stored with another choice of "Bank", which names the token endpoint.
      const token = await this.client.endpoints().then(
        ({ token: { url } }) => url,
        () => undefined,
      );
      if (token !== undefined) found = await at([token]);
    }
    const isOwn = ({ envelope }: StoredMemory) => keyOf(envelope, this.keys) !== undefined;
    return { own: found.filter(isOwn), foreign: found.filter((memory) => !isOwn(memory)) };
  }

  #opened(memory: StoredMemory): OpenedMemory {
    const { kind, consent, name, revision, readAt } = memory;
    const what =
      kind === 'attention'
        ? 'The stored state of "Consent Needs Attention"'
        : `The stored position of consent "${consent}"`;
    const { about, content } = decrypt(memory.envelope, bound(memory), this.keys, {
      what,
      description: ADVICE,
    }) as { about: string; content: unknown };
    return { kind, consent, about, content, name, revision, readAt, isSole: true };
  }

  #sealed(
    { kind, consent, about }: MemorySubject,
    content: unknown,
    name = this.namesBy([kind, consent, about])[0],
  ): NewMemory {
    const { profile } = this.client;
    const [bank, { clientId }] = [bankOf(profile), profile];
    const clear = { name, bank, clientId, consent, kind };
    return { ...clear, envelope: encrypt({ about, content }, bound(clear), this.keys) };
  }

  #digest({ key }: EncryptionKey, parts: readonly string[]): string {
    const { profile } = this.client;
    const text = JSON.stringify([bankOf(profile), profile.clientId, ...parts]);
    return createHmac('sha256', key).update(text).digest('base64url');
  }
}

function bound({ name, bank, clientId, consent, kind }: Omit<NewMemory, 'envelope'>): Buffer {
  return Buffer.from(JSON.stringify([name, bank, clientId, consent, kind]));
}

const ADVICE =
  'Somebody changed the token store, or a disk failed. Put a backup of the store in its place. Without one, delete the consent with "Forget Position Too", and let the customer consent again: transactions then come again as at the first run.';

/** The error if other processes change the memory of a consent all the time. */
export function busyMemory(consent: string): OpenBankingError {
  return new OpenBankingError('store-busy', {
    message: `The stored position of the consent "${consent}" is changed by other processes all the time`,
    description: 'Run the workflow again in a few minutes.',
    outcome: 'not-sent',
  });
}
