import { OpenBankingError } from '../errors/OpenBankingError';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const requiresEsModules =
  major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);

// Imported for its effect, before the first library that exists as ES module only: an older Node.js fails at that with a path and a stack.
if (!requiresEsModules) {
  throw new OpenBankingError('node-too-old', {
    message: `This package needs Node.js 20.19 or later; n8n runs on ${process.versions.node}`,
  });
}
