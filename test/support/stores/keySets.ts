import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProfile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import type { StoredRecord } from '../../../core/store/store';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { formerRecordName, recordName } from '../../../core/tokens/records/record';
import { transportFields } from '../bank/credential';
import type { RotatingBank } from '../bank/rotatingBank';
import { generatePrivateKey } from '../keys/certificates';
import { anotherProcess, rotatingBank } from './consents';

/** The secrets of "Encryption Key". A credential also has the key that is derived from its private key, `x` or `y`. */
const secrets = { a: 'a'.repeat(32), b: 'b'.repeat(32), c: 'c'.repeat(32) };
type Derived = 'x' | 'y';

/** A credential: its keys, the first one first. The last one is derived. */
export type KeySet = readonly [...(keyof typeof secrets)[], Derived];

/** A stored record as a test sees it. */
export interface SeenRecord {
  consent: string;
  key: string;
  /** Whether it has the name that earlier versions gave it. */
  isFormer: boolean;
}

/** A bank and credentials with the same client ID and other keys. Each test has a bank of its own. */
export class KeySets {
  bank!: RotatingBank;
  readonly #folder = mkdtempSync(join(tmpdir(), 'open-banking-key-sets-'));
  #files = 0;
  #certificates!: Record<Derived, BankSettings>;
  /** The names of the keys, by their IDs. */
  readonly #names = new Map<string, string>();

  /** Prepares the tests of a file. */
  static forTests(): KeySets {
    const own = new KeySets();
    beforeAll(() => own.#makeCertificates());
    beforeEach(() => own.#begin());
    afterAll(() => rmSync(own.#folder, { recursive: true, force: true }));
    return own;
  }

  /** The fields of a credential with these keys. */
  settingsOf(keys: KeySet) {
    const given = keys.slice(0, -1) as (keyof typeof secrets)[];
    return {
      ...this.#certificates[keys.at(-1) as Derived],
      encryptionKey: given.map((name) => secrets[name]).join(' '),
    };
  }

  /** A process whose credential has these keys. */
  by(keys: KeySet, store: SqliteStore): Promise<ConsentTokens> {
    return anotherProcess(this.bank, { settings: this.settingsOf(keys), store });
  }

  /** Does work with an empty store. */
  async withStore(run: (store: SqliteStore) => Promise<void>): Promise<void> {
    const store = new SqliteStore(join(this.#folder, `${++this.#files}.sqlite`));
    try {
      await run(store);
    } finally {
      await store.close();
    }
  }

  /** Reads the name and the key of a record. */
  seen(record: StoredRecord): SeenRecord {
    const id = Buffer.from(record.envelope.subarray(1, 9));
    const isFormer = record.name === formerRecordName(record);
    if (!isFormer) expect(record.name).toBe(recordName(record, { id }));
    return { consent: record.consent, key: this.#names.get(id.toString('hex'))!, isFormer };
  }

  async #makeCertificates(): Promise<void> {
    this.#certificates = {
      x: await transportFields(),
      y: await transportFields({ key: generatePrivateKey('rsa') }),
    };
  }

  async #begin(): Promise<void> {
    this.bank = await rotatingBank();
    const all = Object.values(secrets).join(' ');
    this.#names.clear();
    for (const derived of ['x', 'y'] as const) {
      const profile = await createProfile({
        ...this.bank.settings,
        ...this.#certificates[derived],
      });
      encryptionKeys(all, profile).forEach(({ id }, index) =>
        this.#names.set(id.toString('hex'), ['a', 'b', 'c', derived][index]!),
      );
    }
  }
}
