/** A successful answer of the account API. */
export interface ApiAnswer {
  /** From 200 to 299. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the bank sent it, unpacked. */
  readonly body: Buffer;
  /** The address that was asked, with its query. */
  readonly url: string;
  readonly interactionId: string;
  /** Warnings about the transfer. */
  readonly remarks?: readonly string[];
  /** Values of the request that no message may show. */
  readonly secrets?: readonly string[];
  /** Those of them that must not be in its data either; all of them if not given. */
  readonly secretsInData?: readonly string[];
}
