import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(__dirname, '../../..');

/** A step of a job: it uses an action, or runs a command. */
export interface Step {
  name: string;
  id?: string;
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, string>;
  'timeout-minutes'?: number;
}

/** A job of a workflow. */
export interface Job {
  needs?: string | string[];
  if?: string;
  environment?: string;
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  permissions?: Record<string, string>;
  strategy?: { matrix: { node: number[] } };
  'timeout-minutes'?: number;
  steps: Step[];
}

/** A workflow for GitHub. */
export interface Workflow {
  on: unknown;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

/** The paths of the workflows, from the root of the package. */
export const workflowPaths = readdirSync(resolve(root, '.github/workflows')).map(
  (name) => `.github/workflows/${name}`,
);

/** The workflow with this name. */
export function readWorkflow(name: string): Workflow {
  return readYaml(`.github/workflows/${name}.yml`) as Workflow;
}

/** The value of a YAML file. @param path from the root of the package */
export function readYaml(path: string): unknown {
  return parse(readFileSync(resolve(root, path), 'utf8'));
}

/**
 * The commands of a script for bash, one by one: `npm run build`, without what it writes where.
 *
 * @param script with commands on lines of their own, or joined by `&&`
 */
export function commandsOf(script: string): string[] {
  return script
    .replaceAll(/\\\n\s*/g, ' ')
    .split(/\n|&&/)
    .map((command) => command.trim())
    .filter(Boolean);
}
