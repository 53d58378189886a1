import { dirname, posix } from 'node:path';
import { buildSync } from 'esbuild';

/** Ways to load a module whose name cannot be read in the script. The bundler finds them. */
const HIDDEN = ['indirect-require', 'unsupported-dynamic-import', 'unsupported-require-call'];

/** Other ways, and ways to run a text as code. A name counts wherever it stands, also in a text. A name that is put together is not found. */
const HIDDEN_WORDS = new RegExp(
  [
    String.raw`\b(?:eval|createRequire|getBuiltinModule|mainModule|_load|_linkedBinding|dlopen)\b`,
    // Node.js's own `require` of another module: `module.require`, `require.main.require`.
    String.raw`\.require\b|\brequire\.main\b`,
    // A name that is computed, or written as a text.
    String.raw`\b(?:process|module|require)\s*(?:\?\.)?\s*\[`,
    String.raw`\bprocess\s*\??\.\s*binding\b`,
    // The constructor of functions, with or without `new`, and by way of any function.
    String.raw`\bFunction(?:\.(?:apply|call))?\)?\s*\(|\[\s*(['"\`])Function\1\s*\]`,
    String.raw`\.constructor\s*\(`,
  ].join('|'),
  'g',
);

/** The modules and the code that a script loads. */
export interface Loading {
  /** The modules that it names, and the paths of files from the root of the package. */
  modules: string[];
  /** Code that loads something else, or that runs a text as code. */
  hidden: string[];
}

/**
 * Returns what a script of a package loads.
 *
 * @param path its path from the root of the package
 */
export function loadedBy(path: string, text: string): Loading {
  const { metafile, warnings } = buildSync({
    stdin: { contents: text, sourcefile: path },
    ...{ bundle: true, platform: 'node', format: 'cjs', write: false, metafile: true },
    // Everything that it names. The bundler knows the modules of Node.js.
    external: ['*'],
    logLevel: 'silent',
    logOverride: Object.fromEntries(HIDDEN.map((id) => [id, 'warning'])),
  });
  const names = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.map((imported) => imported.path),
  );
  const modules = names.map((name) =>
    name.startsWith('.') ? posix.join(dirname(path), name) : name.replace(/^node:/, ''),
  );
  return {
    modules: [...new Set(modules)].sort(),
    hidden: [
      ...warnings.map((warning) => `${warning.id}: ${warning.location?.lineText.trim()}`),
      ...[...text.matchAll(HIDDEN_WORDS)].map(([word]) => word),
    ],
  };
}
