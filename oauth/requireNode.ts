import { OpenBankingError } from '../errors/OpenBankingError';

// Imported for its effect, before the first library that exists as ES module only: an older Node.js fails at that with a path and a stack.
if (!process.features.require_module) {
  throw new OpenBankingError('node-too-old', {
    message: `This package needs Node.js 20.19 or later; n8n runs on ${process.versions.node}`,
  });
}
