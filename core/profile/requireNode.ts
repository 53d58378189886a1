import { OpenBankingError } from '../errors/OpenBankingError';

// Imported for its effect, before libraries that are ES modules only. An old Node.js cannot require them, and its own error shows paths.
try {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the failure of an import cannot be caught
  require('jose/jwk/thumbprint');
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ESM') throw error;
  throw new OpenBankingError('node-too-old', {
    message: `This package needs Node.js 20.19 or later; n8n runs on ${process.versions.node}`,
  });
}
