import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { NewRecord, StoredRecord } from '../../store/store';
import { newRecord, type RecordContent } from '../records/record';
import { notStored } from './consentErrors';
import type { ConsentToken, RefreshContext } from './refreshContext';

/** Stores the tokens of a refresh, first unchecked and then checked. They replace the tokens of the record. */
export class ReceivedTokenWriter {
  hasReceived = false;
  #revision: number;

  constructor(
    private readonly context: Pick<RefreshContext, 'client' | 'store' | 'keys' | 'unsaved'>,
    private readonly record: StoredRecord,
    private readonly content: RecordContent,
  ) {
    this.#revision = record.revision;
  }

  /** Stores the tokens before their check. The lease continues, because the check may take long or fail. */
  async receive(tokens: TokenSet): Promise<void> {
    this.hasReceived = true;
    const stored = await this.context.store
      .receive(this.#recordOf(tokens), this.#revision)
      // A failure is ignored, because `finish` stores the tokens again.
      .catch(() => undefined);
    if (stored) this.#revision = stored.revision;
  }

  /**
   * Stores the checked tokens, and ends the lease. If the store cannot be written, the tokens wait in memory.
   *
   * @returns `undefined` if the tokens of a newer consent were stored in the meantime. The newer tokens win.
   * @throws OpenBankingError `failedCheck`
   */
  async finish(
    tokens: TokenSet,
    failedCheck: OpenBankingError | undefined,
    remarks: readonly string[],
  ): Promise<ConsentToken | undefined> {
    this.hasReceived = true;
    const { store, unsaved } = this.context;
    const { name, consent, attemptedAt } = this.record;
    const { code, message } = failedCheck ?? {};
    const next = this.#recordOf(tokens, code && { code, message: message! });
    const all = [...remarks, ...scheduleRemarks(this.record, next.refreshTokenExpiresAt)];
    if (attemptedAt !== undefined) {
      all.push(
        `An earlier refresh of consent "${consent}" did not end; the bank accepted its refresh token once more.`,
      );
    }
    const save = () => store.replace(next, this.#revision);
    try {
      if (!(await save())) return undefined;
    } catch (error) {
      unsaved.add(name, save);
      all.push(notStored(consent, error));
    }
    if (failedCheck) throw failedCheck;
    return { tokens, remarks: all };
  }

  #recordOf(tokens: TokenSet, failedCheck?: RecordContent['failedCheck']): NewRecord {
    const { client, keys } = this.context;
    const owner = { profile: client.profile, consent: this.record.consent };
    const { grant, imported } = this.content;
    return newRecord(owner, { tokens, grant, imported, failedCheck }, keys);
  }
}

const HOUR = 60 * 60 * 1000;

/** A warning if the time between two refreshes is nearly as long as the life of the refresh token. */
function scheduleRemarks(
  { consent, obtainedAt }: StoredRecord,
  refreshTokenExpiresAt: number | undefined,
): string[] {
  if (refreshTokenExpiresAt === undefined) return [];
  const since = Date.now() - obtainedAt;
  const life = refreshTokenExpiresAt - Date.now();
  if (since < 0.8 * life) return [];
  const hours = (milliseconds: number) => (milliseconds / HOUR).toFixed(1);
  return [
    `Consent "${consent}" was refreshed after ${hours(since)} hours, and its refresh token lives ${hours(life)} hours: run the schedule more often, or it will expire in between.`,
  ];
}
