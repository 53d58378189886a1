import { rowsOf } from '../entry';

/** Versions of n8n and Node.js that are too old. */
export const environmentErrors = rowsOf('configuration', {
  'node-too-old': {
    recognised:
      'Node.js before 20.19, which cannot load the libraries of this package. Or tokens are stored on this machine, and `node:sqlite` is missing or older than that of Node.js 22.16',
    message: '<feature> Node.js <needed> or later; n8n runs on <version>',
    advice: 'Update n8n, or the Node.js that it runs on. Nothing was sent to the bank.',
  },
  'n8n-too-old': {
    recognised: 'n8n lacks functions that the nodes of this package call',
    message: 'This package needs a later n8n than this one',
    advice: 'Update n8n to 1.123 or later. Nothing was sent to the bank.',
  },
});
