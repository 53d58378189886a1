import { join } from 'node:path';
import { DemoFailure } from './failure';
import { start } from './processes';

/**
 * Builds this package with `gulp build`.
 *
 * @throws {@link DemoFailure} with the bundler's messages
 */
export async function build(root: string): Promise<void> {
  const child = start(
    process.execPath,
    [join(root, 'node_modules', 'gulp', 'bin', 'gulp.js'), 'build'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new DemoFailure(`The package could not be built:\n${said.trim()}`);
}
