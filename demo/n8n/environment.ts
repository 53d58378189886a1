import { join } from 'node:path';

/** The folder of an n8n's settings, database and community packages. */
export interface N8nHome {
  /** The value of `N8N_USER_FOLDER`: n8n makes a folder `.n8n` in it. */
  userFolder: string;
  /** Settings of queue mode; `undefined` if n8n does not run in it. All processes that work together have the same settings. */
  queue?: N8nQueue;
}

/** Settings that the main process and the workers of an n8n in queue mode share. */
export interface N8nQueue {
  /** Connection string of n8n's own PostgreSQL database. */
  databaseUrl: string;
  /** Port of the Redis on the loopback interface. */
  redisPort: number;
  /** Prefix of its keys and channels, so that others can use the same Redis. */
  redisPrefix: string;
  /** Key with which n8n encrypts credentials. */
  encryptionKey: string;
}

/** n8n's own data folder. */
export function dataFolder({ userFolder }: N8nHome): string {
  return join(userFolder, '.n8n');
}

/** Variables of this process that started processes inherit. */
const INHERITED = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'ComSpec',
];

/** The environment of started processes. Few variables are inherited from this process: no proxy, no `NODE_…` and no `N8N_…`. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const inherited = INHERITED.filter((name) => process.env[name] !== undefined);
  return Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
}

/**
 * The environment of an n8n that listens on the loopback interface only, and calls only the addresses in its
 * workflows.
 *
 * @param runnersPort free port for the broker of n8n's task runners
 * @param port port of the editor, or of a worker's health check; only `n8n start` and `n8n worker` listen on it
 */
export function n8nEnvironment(
  home: N8nHome,
  runnersPort: number,
  port?: number,
): NodeJS.ProcessEnv {
  return {
    ...inheritedEnvironment(),
    // n8n unpacks its editor below the home directory. Two processes with the same one would disturb each other.
    HOME: home.userFolder,
    USERPROFILE: home.userFolder,
    N8N_USER_FOLDER: home.userFolder,
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
    ...(home.queue ? queueEnvironment(home.queue, port) : { DB_TYPE: 'sqlite' }),
    N8N_LOG_LEVEL: 'info',
    N8N_LOG_OUTPUT: 'console',
    NO_COLOR: '1',
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    ...(port === undefined
      ? {}
      : { N8N_PORT: String(port), N8N_EDITOR_BASE_URL: `http://localhost:${port}/` }),
    N8N_SECURE_COOKIE: 'false',
    N8N_RUNNERS_BROKER_PORT: String(runnersPort),
    N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '4',
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
    N8N_DYNAMIC_BANNERS_ENABLED: 'false',
    N8N_HIRING_BANNER_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_VERIFIED_PACKAGES_ENABLED: 'false',
    N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
    N8N_AI_ENABLED: 'false',
    N8N_PYTHON_ENABLED: 'false',
  };
}

/** Variables for queue mode, see n8n's documentation. Commands, main process and workers get all of them. */
function queueEnvironment(
  { databaseUrl, redisPort, redisPrefix, encryptionKey }: N8nQueue,
  port?: number,
): NodeJS.ProcessEnv {
  const { hostname, port: databasePort, username, password, pathname } = new URL(databaseUrl);
  return {
    EXECUTIONS_MODE: 'queue',
    OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
    N8N_ENCRYPTION_KEY: encryptionKey,
    DB_TYPE: 'postgresdb',
    DB_POSTGRESDB_HOST: hostname,
    DB_POSTGRESDB_PORT: databasePort || '5432',
    DB_POSTGRESDB_USER: decodeURIComponent(username),
    DB_POSTGRESDB_PASSWORD: decodeURIComponent(password),
    DB_POSTGRESDB_DATABASE: decodeURIComponent(pathname.slice(1)),
    QUEUE_BULL_REDIS_HOST: '127.0.0.1',
    QUEUE_BULL_REDIS_PORT: String(redisPort),
    QUEUE_BULL_PREFIX: redisPrefix,
    N8N_REDIS_KEY_PREFIX: redisPrefix,
    ...(port === undefined
      ? {}
      : {
          QUEUE_HEALTH_CHECK_ACTIVE: 'true',
          QUEUE_HEALTH_CHECK_PORT: String(port),
          N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
        }),
  };
}
