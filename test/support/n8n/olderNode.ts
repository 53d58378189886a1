import { spawnSync } from 'node:child_process';

/** The Node.js of this machine if it has no `node:sqlite`; otherwise `undefined`. jest then runs on another one: see test/jest.mjs. */
export function olderNode(): { executable: string; version: string } | undefined {
  const executable = process.env.OPEN_BANKING_TEST_MACHINE_NODE;
  if (!executable) return undefined;
  const script = `
    try { require('node:sqlite') } catch { console.log(process.versions.node) }
  `;
  const version = spawnSync(executable, ['-e', script], { encoding: 'utf8' }).stdout.trim();
  return version ? { executable, version } : undefined;
}
