/** The account that a row belongs to, and the consent that it was read with. */
export interface Origin {
  /** The bank's `AccountId`, under which the row was asked for. */
  readonly accountId: string;
  /** See `AccountFields.account_key`; the `AccountId` if it is not given. */
  readonly accountKey?: string;
  /** The name under which the consent is stored. */
  readonly consent?: string;
  /** The bank's ID of the consent, if it is known. */
  readonly consentId?: string;
}

/** Fields that say which account a row belongs to. */
export interface AccountFields {
  /** The bank's `AccountId`. */
  account_id: string;
  /** The same through renewals of the consent: the first `account_id` under which the account was seen. */
  account_key: string;
}

/** Fields that say which consent a row was read with; absent if it was read with an access token from another node. */
export interface ConsentFields {
  /** The name under which the consent is stored. */
  consent?: string;
  /** The bank's ID of the consent. It may change when the consent is renewed. */
  consent_id?: string;
}

/** The fields of {@link ConsentFields} that exist. */
export function consentFields({ consent, consentId }: Omit<Origin, 'accountId'>): ConsentFields {
  return {
    ...(consent === undefined ? {} : { consent }),
    ...(consentId === undefined ? {} : { consent_id: consentId }),
  };
}
