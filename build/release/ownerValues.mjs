// @ts-check

/**
 * @typedef {object} Manifest the part of package.json that names the owner
 * @property {string} name
 * @property {string} version
 * @property {{ name?: string, email?: string }} [author]
 * @property {{ type?: string, url?: string }} [repository]
 * @property {{ url?: string }} [bugs]
 * @property {string} [homepage]
 */

/** Domains that nobody can have (RFC 2606, RFC 6761). */
const RESERVED_DOMAIN =
  /(?:^|[.@/])(?:example\.(?:com|net|org)|(?:[^/:@]+\.)?(?:example|invalid|localhost|test))(?:[/:]|$)/i;

/** A repository at GitHub. GitHub's rule for its owner: letters and digits, with single hyphens between them, at most 39. */
const REPOSITORY =
  /^git\+(https:\/\/github\.com\/([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}\/[\w.-]+))\.git$/i;

/**
 * The values in package.json that the owner has not filled in, or that contradict each other.
 *
 * @param {Manifest} manifest
 * @returns {string[]} a sentence for each value
 */
export function faultsOfOwner(manifest) {
  const { author, bugs, homepage } = manifest;
  const repository = repositoryOf(manifest);
  const faults = [];
  if (!author?.name) faults.push('author.name is empty');
  if (!/^[^@\s]+@[^@\s]+$/.test(author?.email ?? '')) {
    faults.push(`author.email is no e-mail address: ${author?.email}`);
  } else if (RESERVED_DOMAIN.test(author?.email ?? '')) {
    faults.push(`author.email is a placeholder: ${author?.email}`);
  }
  if (!repository) {
    faults.push(
      `repository.url is a placeholder, or not "git+https://github.com/<owner>/<name>.git": ${manifest.repository?.url}`,
    );
  } else if (bugs?.url !== `${repository}/issues`) {
    faults.push(`bugs.url is not ${repository}/issues: ${bugs?.url}`);
  }
  if (!homepage?.startsWith('https://') || RESERVED_DOMAIN.test(homepage)) {
    faults.push(`homepage is no address that a browser can open: ${homepage}`);
  }
  return faults.map(
    (fault) => `package.json: ${fault}. See "Before the first release" in CONTRIBUTING.md.`,
  );
}

/**
 * The address of the repository at GitHub, or `undefined` if the owner has not filled it in.
 *
 * @param {Manifest} manifest
 */
export function repositoryOf({ repository }) {
  return REPOSITORY.exec(repository?.url ?? '')?.[1];
}
