import type { IExecuteFunctions, ITriggerFunctions } from 'n8n-workflow';
import type { environmentErrors } from '../../core/errors/rows/environmentErrors';
import { assertReports } from '../../nodes/OpenBankingTrigger/refusal';
import { requireN8n } from '../../nodes/requireN8n';
import { failureOf } from '../support/failure';
import { provokeEach } from './provocation';

provokeEach<typeof environmentErrors>({
  'version-too-old': {
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
