import type { FirstRefreshTokenSettings } from './consents/firstRefreshToken';

/** Where and how tokens are stored. The names are those of the credential's fields. */
export interface KeepingSettings {
  /** A SQLite file in n8n's user folder, or PostgreSQL. */
  keepTokensIn?: 'machine' | 'postgres';
  /** Connection string of PostgreSQL, with its password. */
  postgresUrl?: string;
  /** Schema of the tables in PostgreSQL. If empty, its `search_path` decides. */
  postgresSchema?: string;
  /** Keys separated by white space: the first one encrypts, all decrypt. If empty, the key is derived from the private key. */
  encryptionKey?: string;
}

/** The stored tokens of a client's consents, and the token that begins those of one. */
export interface ConsentSettings extends KeepingSettings, FirstRefreshTokenSettings {}
