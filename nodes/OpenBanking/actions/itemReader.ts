import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { AccountApi } from '../../../core/accounts/accountApi';
import { signedAnswersOf } from '../../../core/accounts/signedAnswers';
import { Lookup } from '../../../core/accounts/lookup';
import type { Pulled } from '../../../core/accounts/pull';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { certificateDates } from '../../../core/keys/certificateDates';
import { Remarks } from '../../../core/lib/remarks';
import { Slots } from '../../../core/lib/slots';
import { clientOf } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { firstRefreshTokenRemarks } from '../../../core/tokens/consents/firstRefreshToken';
import type { SyncMemory } from '../../../core/sync/memory';
import { openSyncMemory } from '../../../core/sync/openSyncMemory';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { openConsentTokens } from '../../../core/tokens/openStores';
import type { ConsentSettings } from '../../../core/tokens/settings';
import { unexpected } from '../../nodeError';
import { itemsAtOnceOption, switchParameter } from '../../parameters';
import { apiOptions } from './apiOptions';
import { Authorizations } from './authorization';
import type { BatchOperation, Operation } from './operation';
import { failureOf, type Outcome } from './outputItems';

/** Reads the data for all items of one execution. */
export class ItemReader {
  readonly #authorizations = new Authorizations();

  readonly #remarks = new Remarks();

  /** The memory of triggers about each consent, by the credential: its fields may have expressions. */
  readonly #lookups = new Map<ConsentTokens, Map<string, Lookup>>();

  readonly #slots: Slots;

  readonly #atOnce: number;

  readonly #continues: boolean;

  constructor(
    private readonly context: IExecuteFunctions,
    private readonly operation: Exclude<Operation, BatchOperation>,
  ) {
    this.#atOnce = itemsAtOnceOption(context);
    this.#slots = new Slots(this.#atOnce);
    this.#continues = context.continueOnFail();
  }

  /** Warnings, each text once. */
  get remarks(): Set<string> {
    return new Set([...this.#remarks.texts, ...this.#authorizations.remarks]);
  }

  /**
   * The outcome of each item. As many items as there are slots are under way, and their accounts share the slots.
   *
   * After a failure, the items before it are still read, unless the node continues on failure: so the first failure in the order of the
   * input is always the same one. Items after it are ended. If the execution is cancelled, all are ended.
   */
  async readAll(): Promise<Outcome[]> {
    const items = this.context.getInputData();
    const cancelled = this.context.getExecutionCancelSignal();
    const outcomes = items.map((): Outcome => ({ pulled: [], failure: notAttempted() }));
    const endings = items.map(() => new AbortController());
    const endAll = () => endings.forEach((ending) => ending.abort());
    cancelled?.addEventListener('abort', endAll, { once: true });
    let end = items.length;
    let next = 0;
    const worker = async () => {
      while (next < end && !cancelled?.aborted) {
        const index = next++;
        const outcome = await this.#read(index, endings[index]!.signal);
        outcomes[index] = outcome;
        if (this.#continues || failureOf(outcome) === undefined || index >= end) continue;
        end = index;
        endings.slice(index + 1).forEach((ending) => ending.abort());
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(this.#atOnce, items.length) }, worker));
    } finally {
      cancelled?.removeEventListener('abort', endAll);
    }
    const lookups = [...this.#lookups.values()].flatMap((ofConsents) => [...ofConsents.values()]);
    await Promise.all(lookups.map((lookup) => lookup.countReads()));
    return outcomes;
  }

  async #read(itemIndex: number, signal: AbortSignal): Promise<Outcome> {
    try {
      return { pulled: await this.#pull(itemIndex, signal) };
    } catch (failure) {
      return { pulled: [], failure };
    }
  }

  /** @throws any error of the fields, the credential or the store */
  async #pull(itemIndex: number, signal: AbortSignal): Promise<readonly Pulled[]> {
    const { context } = this;
    const settings = await context.getCredentials<BankSettings & ConsentSettings>(
      'openBankingApi',
      itemIndex,
    );
    const client = await clientOf(settings);
    for (const { text } of certificateDates(client.profile)) this.#remarks.add(text);
    // Read once for each item: n8n evaluates its expressions at each reading.
    const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
    const source = { context, itemIndex, options };
    const { operation } = this;
    const shared = { remarks: this.#remarks, slots: this.#slots };
    if ('execute' in operation) {
      return operation.execute({ source, client, settings, signal, ...shared });
    }
    const simplify = switchParameter(source, 'simplify', 'Simplify');
    const given = apiOptions(source, signal);
    const pull = operation.pullOf(source);
    const stored = () => openConsentTokens(client, settings);
    const authorization = await this.#authorizations.of(source, stored);
    const { access, origin, knownAccounts } = authorization;
    const names = origin.consent === undefined ? [] : [origin.consent];
    for (const text of firstRefreshTokenRemarks(settings, names)) this.#remarks.add(text);
    const isUnattended = given.customerIpAddress === undefined;
    const sync = () => openSyncMemory(client, settings);
    const lookup =
      origin.consent === undefined
        ? undefined
        : this.#lookup(stored(), origin.consent, sync, isUnattended);
    const work = pull({
      request: {
        api: new AccountApi(client.profile, access, { ...given, ...signedAnswersOf(client) }),
        ...{ origin, knownAccounts, simplify, lookup },
        remarks: this.#remarks,
      },
      slots: this.#slots,
      continues: this.#continues,
      sync,
    });
    return work.catch((error: unknown) => {
      throw unexpected(error);
    });
  }

  /** One for all items of a consent, so that the store is asked once. */
  #lookup(
    tokens: ConsentTokens,
    consent: string,
    sync: () => SyncMemory,
    isUnattended: boolean,
  ): Lookup {
    const lookups = this.#lookups.get(tokens) ?? new Map<string, Lookup>();
    this.#lookups.set(tokens, lookups);
    const name = `${isUnattended} ${consent}`;
    const lookup = lookups.get(name) ?? new Lookup(sync(), consent, isUnattended);
    lookups.set(name, lookup);
    return lookup;
  }
}

function notAttempted(): OpenBankingError {
  return new OpenBankingError('not-attempted', { outcome: 'not-sent' });
}
