/** Where and how tokens are kept, in the names of the credential's fields. */
export interface KeepingSettings {
  /** SQLite file in n8n's user folder, or PostgreSQL. */
  keepTokensIn?: 'machine' | 'postgres';
  /** Connection string of PostgreSQL, with its password. */
  postgresUrl?: string;
  /** Separated by white space: the first encrypts, all decrypt. Derived from the private key where empty. */
  encryptionKey?: string;
}
