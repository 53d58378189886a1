import type { ServerResponse } from 'node:http';
import type { TokenSet } from '../../../core/oauth/grants/tokenSet';
import type { BankSettings } from '../../../core/profile/settings';
import { customCredential } from '../../support/bank/credential';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';
import { reset } from '../reset';

/** The way in which a bank answers a refresh that it carried out: so many milliseconds later, by a reset connection, or never. */
export type Treatment = number | 'reset' | 'silence';

/** Options of a {@link FamilyBank}. */
export interface FamilyBankOptions {
  /** Milliseconds after a rotation for which the former refresh token is accepted; 0 if not given. Afterwards it ends the family. */
  readonly grace?: number;
  /** Whether refresh tokens stay the same after a refresh. */
  readonly keeps?: boolean;
  /** Whether connections end after each answer. */
  readonly closes?: boolean;
  /** The treatment of a request; an answer at once if not given. @param number of the request in its family, from 1 on */
  readonly treats?: (family: string, number: number) => Treatment;
}

/** The tokens of one consent at the bank, which descend from its first refresh token. */
interface Family {
  /** Number of rotations. The refresh token that is good is `rt-<family>-<generation>`. */
  generation: number;
  rotatedAt: number;
  isEnded: boolean;
  underWay: number;
  /** Most requests that were under way at once. A request is over if its answer was sent, or if its connection ended. */
  mostUnderWay: number;
  /** Times are of `performance.now()`; a request without an end is under way. */
  readonly requests: { readonly token: string; readonly at: number; over?: number }[];
}

/** Milliseconds between the end of a request and the next one with the same refresh token: five seconds, less what clocks are read apart. */
const EARLIEST = 4_500;

/** The counts of a bank. */
export interface BankCounts {
  /** Requests for tokens. */
  requests: number;
  /** Requests with a refresh token that was sent before. */
  sentAgain: number;
  /** Those that came within five seconds after the end of the former request. */
  sentTooEarly: number;
  /** Families that the bank ended, because an old refresh token came. */
  ended: number;
  /** Families with several requests under way at once. */
  underWayAtOnce: number;
}

/** A bank that counts the requests of each family of refresh tokens. */
export class FamilyBank {
  readonly #families = new Map<string, Family>();
  #server!: TlsServer;
  /** The port of the bank itself. */
  port!: number;
  settings!: BankSettings;
  #underWay = 0;
  /** Most requests of all families that were under way at once. */
  mostUnderWay = 0;

  private constructor(private readonly options: FamilyBankOptions) {}

  static async start(options: FamilyBankOptions = {}): Promise<FamilyBank> {
    const bank = new FamilyBank(options);
    bank.#server = await startTlsServer({
      handle: ({ body }, response) => {
        bank.#refresh(new URLSearchParams(body).get('refresh_token') ?? '', response);
      },
    });
    bank.port = bank.#server.port;
    bank.settings = await customCredential(bank.#server.url);
    return bank;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** The fields of a credential that reaches the bank at another port. */
  async settingsAt(port: number): Promise<BankSettings> {
    return customCredential(`https://localhost:${port}`);
  }

  /** Opens a family for each name. @returns expired tokens by name, with the first refresh token */
  families(names: readonly string[]): Record<string, TokenSet> {
    const hour = 3_600_000;
    const at = (moment: number) => new Date(moment).toISOString();
    const sets = names.map((name): [string, TokenSet] => {
      this.#families.set(name, {
        ...{ generation: 0, rotatedAt: -Infinity, isEnded: false, underWay: 0, mostUnderWay: 0 },
        requests: [],
      });
      return [
        name,
        {
          access_token: `at-${name}-0`,
          authorization: `Bearer at-${name}-0`,
          refresh_token: `rt-${name}-0`,
          obtained_at: at(Date.now() - 2 * hour),
          expires_at: at(Date.now() - hour),
          refresh_token_rotated: false,
        },
      ];
    });
    return Object.fromEntries(sets);
  }

  family(name: string): Readonly<Family> {
    return this.#families.get(name)!;
  }

  /** The access token that was issued last. */
  current(name: string): string {
    return `at-${name}-${this.family(name).generation}`;
  }

  /** Counts families; all of them if none is named. */
  counts(names: Iterable<string> = this.#families.keys()): BankCounts {
    const families = [...names].map((name) => this.family(name));
    const sum = (of: (family: Family) => number) =>
      families.reduce((total, family) => total + of(family), 0);
    return {
      requests: sum(({ requests }) => requests.length),
      sentAgain: sum(
        ({ requests }) => requests.length - new Set(requests.map(({ token }) => token)).size,
      ),
      sentTooEarly: sum(({ requests }) => requests.filter(isTooEarly).length),
      ended: sum(({ isEnded }) => Number(isEnded)),
      underWayAtOnce: sum(({ mostUnderWay }) => Number(mostUnderWay > 1)),
    };
  }

  #refresh(token: string, response: ServerResponse): void {
    const [, name = '', generation] = /^rt-(.*)-(\d+)$/.exec(token) ?? [];
    const family = this.#families.get(name);
    if (!family) return this.#answer(response, 400, { error: 'invalid_grant' });
    const at = performance.now();
    const request: Family['requests'][number] = { token, at };
    family.requests.push(request);
    family.mostUnderWay = Math.max(family.mostUnderWay, ++family.underWay);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.#underWay);
    response.once('close', () => {
      request.over = performance.now();
      family.underWay--;
      this.#underWay--;
    });
    const age = family.generation - Number(generation);
    const { grace = 0, keeps, treats } = this.options;
    const isFormer = age === 1 && at - family.rotatedAt < grace;
    const isGood = keeps ? age >= 0 : age === 0 || isFormer;
    if (family.isEnded || !isGood) {
      family.isEnded = true;
      return this.#answer(response, 400, { error: 'invalid_grant' });
    }
    family.generation++;
    family.rotatedAt = at;
    const treatment = treats?.(name, family.requests.length) ?? 0;
    if (treatment === 'silence') return;
    if (treatment === 'reset') return reset(response.socket!);
    const tokens = {
      access_token: `at-${name}-${family.generation}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: keeps ? token : `rt-${name}-${family.generation}`,
    };
    if (treatment === 0) return this.#answer(response, 200, tokens);
    setTimeout(() => this.#answer(response, 200, tokens), treatment).unref();
  }

  #answer(response: ServerResponse, status: number, body: object): void {
    response.writeHead(status, {
      'Content-Type': 'application/json',
      ...(this.options.closes && { Connection: 'close' }),
    });
    response.end(JSON.stringify(body));
  }
}

/** Whether a request repeats another one whose end is not five seconds ago. */
function isTooEarly(
  { token, at }: Family['requests'][number],
  index: number,
  all: Family['requests'],
): boolean {
  return all
    .slice(0, index)
    .some(({ token: other, over = Infinity }) => other === token && at < over + EARLIEST);
}
