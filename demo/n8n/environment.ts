import { join } from 'node:path';

/** Where an n8n keeps its settings, its database and its community packages. */
export interface N8nHome {
  /** The value of `N8N_USER_FOLDER`: n8n makes a folder `.n8n` in it. */
  userFolder: string;
}

/** n8n's own data folder. */
export function dataFolder({ userFolder }: N8nHome): string {
  return join(userFolder, '.n8n');
}

/** Variables of this process that n8n's processes inherit; nothing else is passed on, no proxy and no `N8N_…`. */
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

/** Parts of n8n that call n8n's own servers on the internet and that no journey needs. */
const DISABLED_MODULES = ['mcp-registry', 'instance-ai', 'agents', 'chat-hub'];

/**
 * The environment of an n8n that listens on the loopback interface only and calls nobody but
 * the addresses in its workflows.
 *
 * @param runnersPort free port for the broker of n8n's task runners
 * @param editorPort port of the editor; only `n8n start` listens on it
 */
export function n8nEnvironment(
  home: N8nHome,
  runnersPort: number,
  editorPort?: number,
): NodeJS.ProcessEnv {
  const inherited = INHERITED.filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    // n8n unpacks its editor below the home directory, where two of them would get in each other's way.
    HOME: home.userFolder,
    USERPROFILE: home.userFolder,
    N8N_USER_FOLDER: home.userFolder,
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
    DB_TYPE: 'sqlite',
    N8N_LOG_LEVEL: 'info',
    N8N_LOG_OUTPUT: 'console',
    NO_COLOR: '1',
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    ...(editorPort === undefined
      ? {}
      : { N8N_PORT: String(editorPort), N8N_EDITOR_BASE_URL: `http://localhost:${editorPort}/` }),
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
    N8N_DISABLED_MODULES: DISABLED_MODULES.join(','),
  };
}
