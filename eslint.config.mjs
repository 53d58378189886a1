import communityNodes from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const product = ['core/**/*.ts', 'credentials/**/*.ts', 'nodes/**/*.ts'];

/** The rooms below n8n, from the top floor to the ground: a room imports from the rooms below it alone. */
const rooms = [
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
      // jose and undici do what must not be written again; see "Dependencies" in CONTRIBUTING.md.
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
      // Older than NodeConnectionTypes, which n8n's newer rules demand.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
    },
  },
  {
    files: ['credentials/**/*.ts'],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    rules: {
      ...n8nNodesBase.configs.credentials.rules,
      // For n8n's own credentials, whose documentation has names in place of addresses.
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      // It takes a literal alone, and the base address of the documentation stands once, in package.json.
      'n8n-nodes-base/cred-class-field-documentation-url-missing': 'off',
      // n8n gives "authenticate" no node to make a NodeApiError of.
      '@n8n/community-nodes/require-node-api-error': 'off',
    },
  },
  {
    // These layers know nothing of n8n, so they throw the error class of this package; the node wraps it.
    files: ['core/**/*.ts'],
    rules: { '@n8n/community-nodes/require-node-api-error': 'off' },
  },

  // The house: dependencies point down, and only nodes and credentials know n8n.
  ...rooms.map((room, floor) => restrict(room, rooms.slice(0, floor))),
  {
    // n8n loads these at its start. What they need at run time is behind one import() for each node, credential and webhook.
    files: [
      'nodes/**/*.node.ts',
      'nodes/**/fields/**/*.ts',
      'nodes/{connections,codeBehind,testMethods}.ts',
      'credentials/OpenBankingApi.credentials.ts',
      'credentials/authenticationError.ts',
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
    // What jest's asymmetric matchers are typed as.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  prettier,
);

/** Keeps a room from importing n8n, nodes and credentials, and the rooms above it: by their last names, as relative imports have them. */
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
            // Files that stand directly in the folder around this room.
            ...(parents.length ? [{ regex: '^\\.\\./[^/]+$' }] : []),
          ],
        },
      ],
    },
  };
}
