import communityNodes from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const product = ['core/**/*.ts', 'credentials/**/*.ts', 'nodes/**/*.ts'];

/** The rooms of `core/`, from top to bottom. A room imports only from the rooms below it. */
const rooms = [
  'core/accounts/subscription',
  'core/accounts',
  'core/accounts/simplified',
  'core/sync',
  'core/sync/identities',
  'core/tokens',
  'core/tokens/consents',
  'core/tokens/records',
  'core/store',
  'core/oauth',
  'core/oauth/diagnosis',
  'core/oauth/grants',
  'core/oauth/authorization',
  'core/oauth/jwt',
  'core/oauth/bank',
  'core/oauth/messages',
  'core/profile',
  'core/keys',
  'core/transport',
  'core/errors',
  'core/lib',
];

export default tseslint.config(
  {
    ignores: ['dist/', 'node_modules/', '.demo/', '.node/', '.sandbox/', '.reports/', 'coverage/'],
  },

  // TypeScript, everywhere.
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.check.json' } },
  },

  // n8n's rules for community nodes.
  {
    files: [...product, 'package.json'],
    ...communityNodes.configs.recommendedWithoutN8nCloudSupport,
    rules: {
      ...communityNodes.configs.recommendedWithoutN8nCloudSupport.rules,
      // The reasons for jose, undici and the others are in CONTRIBUTING.md, under "Dependencies".
      '@n8n/community-nodes/no-runtime-dependencies': 'off',
      // The owner fills in author and homepage when the package is published.
      '@n8n/community-nodes/valid-author': 'off',
      '@n8n/community-nodes/require-homepage': 'off',
    },
  },
  {
    files: ['package.json'],
    languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
  },
  {
    files: ['nodes/**/*.ts'],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    rules: {
      ...n8nNodesBase.configs.nodes.rules,
      // The rule does not know NodeConnectionTypes, which n8n's newer rules demand.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
    },
  },
  {
    files: ['credentials/**/*.ts'],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    rules: {
      ...n8nNodesBase.configs.credentials.rules,
      // The rule is for n8n's own credentials, whose documentation has names in place of addresses.
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      // The rule accepts only a literal, and the base address of the documentation is only in package.json.
      'n8n-nodes-base/cred-class-field-documentation-url-missing': 'off',
      // A NodeApiError needs a node, and n8n does not pass one to "authenticate".
      '@n8n/community-nodes/require-node-api-error': 'off',
    },
  },
  {
    // core/ does not know n8n, so it throws the error class of this package; the node wraps it.
    files: ['core/**/*.ts'],
    rules: { '@n8n/community-nodes/require-node-api-error': 'off' },
  },

  // Imports point down, and only nodes and credentials import n8n.
  ...rooms.map((room, floor) => restrict(room, rooms.slice(0, floor))),
  {
    // n8n loads these files at its start. The code that they need at run time is behind one import() for each node, credential and webhook.
    files: [
      'nodes/**/*.node.ts',
      'nodes/**/fields/**/*.ts',
      'nodes/{connections,listSearches,subtitleWords,testMethods}.ts',
      'credentials/OpenBankingApi.credentials.ts',
      'credentials/fields/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/core/**'], allowTypeImports: true },
            { group: ['**/actions/**'] },
          ],
        },
      ],
    },
  },
  {
    files: ['sandbox/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: ['core', 'nodes', 'credentials'].map((folder) => `**/${folder}/**`) },
      ],
    },
  },
  {
    // jest's asymmetric matchers have the type `any`.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  prettier,
);

/**
 * Forbids a room to import n8n, nodes, credentials, and the rooms above it. Patterns name only the last part of a room's path, because
 * relative imports may contain only that.
 */
function restrict(room, above) {
  const parents = above.filter((other) => room.startsWith(`${other}/`));
  const others = above.filter((other) => !parents.includes(other));
  return {
    files: [`${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['n8n-*', '@n8n/*', '**/nodes/**', '**/credentials/**'] },
            ...(others.length
              ? [{ group: others.map((other) => `**/${other.split('/').at(-1)}/**`) }]
              : []),
            // Files directly in the folder that contains this room.
            ...(parents.length ? [{ regex: '^\\.\\./[^/]+$' }] : []),
          ],
        },
      ],
    },
  };
}
