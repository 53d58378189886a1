import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A git repository in a temporary folder. Its commits are independent of the settings of this machine. */
export interface GitRepository {
  readonly root: string;
  read(path: string): string;
  write(path: string, text: string): void;
  makeExecutable(path: string): void;
  /** Copies a file or folder of this package into the repository. */
  copy(from: string, path: string): void;
  /** The output of git, without white space at its ends. */
  git(...options: string[]): string;
  remove(): void;
}

const SETTINGS = `
[user]
name = Test
email = test@example.com
[commit]
gpgSign = false
[tag]
gpgSign = false
[core]
hooksPath = .git/hooks
`;

/**
 * Creates a repository with one commit on the branch `main`.
 *
 * @param files paths and their contents
 */
export function createGitRepository(files: Record<string, string>): GitRepository {
  const root = mkdtempSync(join(tmpdir(), 'open-banking-release-'));
  const repository: GitRepository = {
    root,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    makeExecutable: (path) => chmodSync(join(root, path), 0o755),
    copy: (from, path) => cpSync(from, join(root, path), { recursive: true }),
    git: (...options) =>
      execFileSync('git', options, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  repository.git('init', '--quiet', '--initial-branch', 'main');
  appendFileSync(join(root, '.git/config'), SETTINGS);
  for (const [path, text] of Object.entries(files)) repository.write(path, text);
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message', 'First');
  return repository;
}
