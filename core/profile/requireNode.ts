import { OpenBankingError } from '../errors/OpenBankingError';

// This module is imported for its effect, before libraries that are only ES modules. An old Node.js cannot require these libraries.
// The error of Node.js itself would show paths.
try {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the failure of an import cannot be caught
  require('jose/jwk/thumbprint');
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ESM') throw error;
  throw new OpenBankingError('version-too-old', {
    values: {
      part: 'This package',
      program: 'Node.js',
      needed: '20.19',
      found: process.versions.node,
    },
  });
}
