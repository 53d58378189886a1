const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Removes the variables for proxies from the environment before each test of a file, and restores them after it. */
export function withoutProxies(): void {
  const saved = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  const restore = (environment: Record<string, string | undefined>) => {
    for (const name of NAMES) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  };
  beforeEach(() => restore({}));
  afterEach(() => restore(saved));
}
