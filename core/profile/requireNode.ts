import { OpenBankingError } from '../errors/OpenBankingError';

// Imported for its effect, before the libraries that exist as ES modules only: a Node.js that cannot require them fails with paths and a stack.
try {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a failed import cannot be caught
  require('jose/jwk/thumbprint');
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ESM') throw error;
  throw new OpenBankingError('node-too-old', {
    message: `This package needs Node.js 20.19 or later; n8n runs on ${process.versions.node}`,
  });
}
