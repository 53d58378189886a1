/** The work of a trigger for its event. */
export interface Watch {
  /** Looks for something new, and starts executions. @throws any error of the credential, and OpenBankingError those of the store */
  poll(signal: AbortSignal): Promise<void>;
  /** Items for the editor. Nothing is stored but that the bank was asked. @throws as {@link poll} */
  preview(signal: AbortSignal): Promise<readonly object[]>;
  /** Ends what waits. Executions that run are still stored when they end. */
  close(): void;
}
