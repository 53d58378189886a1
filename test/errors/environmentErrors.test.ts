import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import type { environmentErrors } from '../../core/errors/rows/environmentErrors';
import { assertReports } from '../../nodes/OpenBankingTrigger/refusal';
import { requireN8n } from '../../nodes/requireN8n';
import { failureOf } from '../support/failure';
import { provokeEach, type Failure } from './provocation';

/** The error of the built package on a Node.js that cannot require ES modules. */
function failureWithoutRequiredModules(): Promise<Failure> {
  const script = `
    import('./dist/core/profile/profile.js').catch(({ code, stage, message, description }) =>
      console.log(JSON.stringify({ code, stage, message, description })),
    );
  `;
  const printed = execFileSync(
    process.execPath,
    ['--no-experimental-require-module', '-e', script],
    { cwd: resolve(__dirname, '../..'), encoding: 'utf8' },
  );
  return Promise.resolve(JSON.parse(printed) as Failure);
}

provokeEach<typeof environmentErrors>({
  'version-too-old': {
    'Node.js': failureWithoutRequiredModules,
    n8n: () => failureOf(Promise.resolve().then(() => requireN8n({} as IExecuteFunctions))),
  },
  'n8n-reports-nothing': {
    'Engine 2.0': () => {
      const context = { getWorkflowSettings: () => ({ engineType: 'v2' }) };
      const start = () => assertReports(context as unknown as ITriggerFunctions);
      return failureOf(Promise.resolve().then(start));
    },
  },
});
