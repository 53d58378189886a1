import { hash, pbkdf2, pbkdf2Sync, scrypt, scryptSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A hash function, by its name in OpenSSL. */
export type HashName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | OtherHash;
type OtherHash = 'sha512-224' | 'sha512-256';

/** Bytes of a digest, and of a block that the hash function takes at once. */
const SIZES: Record<HashName, { digest: number; block: number }> = {
  md5: { digest: 16, block: 64 },
  sha1: { digest: 20, block: 64 },
  sha224: { digest: 28, block: 64 },
  sha256: { digest: 32, block: 64 },
  sha384: { digest: 48, block: 128 },
  sha512: { digest: 64, block: 128 },
  'sha512-224': { digest: 28, block: 128 },
  'sha512-256': { digest: 32, block: 128 },
};

/** Maximum time that all key derivations of one field may take, in milliseconds. */
const MAXIMUM_TIME = 30_000;

/** Maximum rounds that are derived without an estimate, if there is time left. They take less than half a second on any machine. */
const FEW_ROUNDS = 100_000;

/** Maximum memory of scrypt. OpenSSL takes 16 MiB by default. */
const MAXIMUM_MEMORY = 256 * 1024 * 1024;

/** Rounds that are hashed before the event loop gets its turn: some milliseconds. */
const SLICE = 10_000;

/** A file names more rounds of key derivation than this machine can do in a reasonable time. */
export class TooManyRounds extends Error {
  constructor(readonly rounds: number) {
    super(`${rounds} rounds of key derivation`);
  }
}

/**
 * Derives keys from passphrases without blocking the event loop. The time of all derivations of a field is bounded and not their rounds,
 * because programs use more rounds every year. A few rounds are measured, and what would take too long is refused before it begins. The
 * time that a derivation took is always subtracted from what the others may take.
 */
export class KeyDerivation {
  #left: number;

  /** @param maximum milliseconds that all derivations together may take */
  constructor(maximum = MAXIMUM_TIME) {
    this.#left = maximum;
  }

  /** PBKDF2 (RFC 8018 §5.2). @throws TooManyRounds */
  async pbkdf2(
    passphrase: Buffer,
    salt: Buffer,
    rounds: number,
    length: number,
    digest: HashName,
  ): Promise<Buffer> {
    assertPositive(rounds);
    if (rounds > FEW_ROUNDS) {
      const blocks = Math.ceil(length / SIZES[digest].digest);
      const measured = 5000;
      const time = timeOf(() => pbkdf2Sync(passphrase, salt, measured, 1, digest));
      this.#assertLeft((time * blocks * rounds) / measured, rounds);
    }
    return this.#measured(rounds, () =>
      promisify(pbkdf2)(passphrase, salt, rounds, length, digest),
    );
  }

  /** scrypt (RFC 7914). @throws TooManyRounds with N × r × p; RangeError if scrypt does not have these numbers */
  async scrypt(
    passphrase: Buffer,
    salt: Buffer,
    { N, r, p }: { N: number; r: number; p: number },
    length: number,
  ): Promise<Buffer> {
    const rounds = N * r * p;
    assertPositive(rounds);
    const maxmem = 128 * r * (N + p + 2);
    if (maxmem > MAXIMUM_MEMORY) throw new TooManyRounds(rounds);
    if (rounds > FEW_ROUNDS) {
      const time = timeOf(() => scryptSync(passphrase, salt, 1, { N: 1024, r: 8, p: 1 }));
      this.#assertLeft((time * rounds) / (1024 * 8), rounds);
    }
    const options = { N, r, p, maxmem: 2 * maxmem };
    const derive = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);
    return this.#measured(rounds, () => derive(passphrase, salt, length, options));
  }

  /**
   * The key derivation of PKCS#12 (RFC 7292, appendix B.2). OpenSSL does not offer it by itself; only its hash function is native.
   *
   * @param passphrase see {@link unicodePassphrase}
   * @param purpose 1: key, 2: initialisation vector, 3: checksum (appendix B.3)
   * @throws TooManyRounds
   */
  async pkcs12(
    passphrase: Buffer,
    salt: Buffer,
    purpose: 1 | 2 | 3,
    rounds: number,
    length: number,
    digest: HashName,
  ): Promise<Buffer> {
    assertPositive(rounds);
    const { digest: size, block } = SIZES[digest];
    const blocks = Math.ceil(length / size);
    const mixed = Buffer.concat([filled(salt, block), filled(passphrase, block)]);
    const parts: Buffer[] = [];
    for (let index = 0; index < blocks; index++) {
      const first = Buffer.concat([Buffer.alloc(block, purpose), mixed]);
      const part = await this.#hashed(digest, first, rounds, rounds * (blocks - index));
      parts.push(part);
      addToEach(mixed, repeated(part, block));
    }
    return Buffer.concat(parts).subarray(0, length);
  }

  /** PBKDF1 (RFC 8018 §5.1). @throws TooManyRounds */
  async pbkdf1(
    passphrase: Buffer,
    salt: Buffer,
    rounds: number,
    digest: HashName,
  ): Promise<Buffer> {
    assertPositive(rounds);
    return this.#hashed(digest, Buffer.concat([passphrase, salt]), rounds, rounds);
  }

  /**
   * Hashes the result again and again, in slices.
   *
   * @param all rounds that are to come, those of further blocks included
   */
  async #hashed(digest: HashName, first: Buffer, rounds: number, all: number): Promise<Buffer> {
    this.#assertLeft(0, rounds);
    let result = hash(digest, first, 'buffer');
    let done = 1;
    while (done < rounds) {
      const end = Math.min(rounds, done + SLICE);
      const slice = end - done;
      const time = timeOf(() => {
        // Twice as fast as the encoding "buffer".
        for (; done < end; done++)
          result = Buffer.from(hash(digest, result, 'binary' as 'hex'), 'latin1');
      });
      if (all > FEW_ROUNDS && slice === SLICE) {
        // The estimate is for what is left; the time of the slices before is spent.
        this.#assertLeft((time * (all - done)) / slice, rounds);
      }
      this.#left -= time;
      this.#assertLeft(0, rounds);
      if (done < rounds) await setImmediate();
    }
    return result;
  }

  /** Does what OpenSSL does in a thread of its own, and subtracts the time. */
  async #measured(rounds: number, derive: () => Promise<Buffer>): Promise<Buffer> {
    this.#assertLeft(0, rounds);
    const started = performance.now();
    const key = await derive();
    this.#left -= performance.now() - started;
    this.#assertLeft(0, rounds);
    return key;
  }

  #assertLeft(time: number, rounds: number): void {
    if (!(time <= this.#left)) throw new TooManyRounds(rounds);
  }
}

/** A passphrase as PKCS#12 hashes it: UTF-16 with two zero bytes at its end (RFC 7292, appendix B.1). */
export function unicodePassphrase(text: string | undefined): Buffer {
  return text === undefined ? Buffer.alloc(0) : Buffer.from(`${text}\0`, 'utf16le').swap16();
}

/** Bytes of the digest of a hash function. */
export function digestSize(digest: HashName): number {
  return SIZES[digest].digest;
}

function assertPositive(rounds: number): void {
  if (!(rounds >= 1 && Number.isSafeInteger(rounds))) throw new TooManyRounds(rounds);
}

function timeOf(action: () => void): number {
  const started = performance.now();
  action();
  return performance.now() - started;
}

/** Copies of bytes up to a whole number of blocks. */
function filled(bytes: Buffer, block: number): Buffer {
  return repeated(bytes, block * Math.ceil(bytes.length / block));
}

function repeated(bytes: Buffer, length: number): Buffer {
  return bytes.length ? Buffer.alloc(length, bytes) : Buffer.alloc(0);
}

/** Adds a block and 1 to each block of a buffer (RFC 7292, appendix B.2, step 6C). */
function addToEach(blocks: Buffer, added: Buffer): void {
  for (let start = 0; start < blocks.length; start += added.length) {
    let carry = 1;
    for (let index = added.length - 1; index >= 0; index--) {
      carry += blocks[start + index]! + added[index]!;
      blocks[start + index] = carry & 0xff;
      carry >>= 8;
    }
  }
}
