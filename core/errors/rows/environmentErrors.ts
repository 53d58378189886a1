import { rowsOf } from '../entry';

/** A version of n8n or Node.js that is too old. */
export const environmentErrors = rowsOf('configuration', {
  'version-too-old': {
    recognised:
      'n8n lacks functions that the nodes of this package call. Or Node.js is older than 20.19, and cannot load the libraries of this package. Or tokens are stored on this machine, and `node:sqlite` is missing or older than that of Node.js 22.16',
    message: '<part> needs <program> <needed> or later, and this <program> is <found>',
    advice:
      'Update n8n (1.123 or later), or the Node.js that it runs on. Nothing was sent to the bank.',
  },
});
