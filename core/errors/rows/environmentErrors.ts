import { rowsOf } from '../entry';

/** A version of n8n or Node.js that is too old, or an engine of n8n that cannot be used. */
export const environmentErrors = rowsOf('configuration', {
  'version-too-old': {
    recognized:
      'n8n lacks functions that the nodes of this package call. Or tokens are stored on this machine, and `node:sqlite` is missing or older than that of Node.js 22.16',
    message: '<part> needs <program> <needed> or later, and this <program> is <found>',
    advice:
      'Update n8n (1.123 or later), or the Node.js that it runs on. Nothing was sent to the bank.',
  },
  'n8n-reports-nothing': {
    recognized:
      'n8n does not run the executions of a trigger that waits for their end. Its Engine 2.0 refuses such triggers',
    message: 'n8n does not tell this trigger how its executions end: <reason>',
    advice:
      'Choose another engine than Engine 2.0 in the settings of the workflow. The trigger hands a transaction over once only if it learns that the execution succeeded. Nothing is lost: the transactions come when executions can be started.',
  },
});
