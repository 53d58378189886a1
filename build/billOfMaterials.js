// @ts-check
/**
 * The bill of materials: the content of the bundle, in the format CycloneDX 1.6.
 *
 * The same bundle gives the same bytes. The serial number is made of the content. The time is given by the caller.
 */
const { createHash } = require('node:crypto');
const { resolve } = require('node:path');
const { Contrib, Enums, Models, Serialize, Spec } = require('@cyclonedx/cyclonedx-library');
const { embeddedParts } = require('./embeddedParts');
const { licenseOf } = require('./licenseRules');

const { ExternalReferenceFactory } = Contrib.FromNodePackageJson.Factories;
const { parsePackageIntegrity } = Contrib.FromNodePackageJson.Utils;

/**
 * @typedef {import('./bundledPackages').BundledPackage} BundledPackage
 * @typedef {import('@cyclonedx/cyclonedx-library').Models.Component} Component
 */

/**
 * Everything that a bill is made from.
 *
 * @typedef {object} Materials
 * @property {Record<string, any>} manifest the package.json of this package
 * @property {BundledPackage[]} packages
 * @property {{ path: string, content: Buffer }[]} files the files with code, which the bill has hashes of
 * @property {Record<string, any>[]} tools the package.json of each tool that made bundle and bill
 * @property {Date} [time] the bill has no time without it
 * @property {string} [root] the folder of this package
 */

/**
 * Returns the bill as JSON.
 *
 * @param {Materials} materials
 */
function billOfMaterials({
  manifest,
  packages,
  files,
  tools,
  time,
  root = resolve(__dirname, '..'),
}) {
  const product = describe(manifest, Enums.ComponentType.Library);
  product.licenses.add(new Models.SpdxLicense(manifest.license));
  files.forEach((file) => product.components.add(fileComponent(file, product.bomRef.value)));

  /** @type {Map<string, Component>} */
  const components = new Map();
  for (const bundled of packages) components.set(bundled.folder, bundledComponent(bundled, root));
  for (const { folder, isDirect, imports } of packages) {
    const { bomRef, dependencies } = /** @type {Component} */ (components.get(folder));
    if (isDirect) product.dependencies.add(bomRef);
    for (const other of imports) {
      dependencies.add(/** @type {Component} */ (components.get(other)).bomRef);
    }
  }

  const bom = new Models.Bom({
    components: new Models.ComponentRepository(components.values()),
    metadata: new Models.Metadata({
      component: product,
      lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.Build]),
      supplier: new Models.OrganizationalEntity({ name: nameOf(manifest.author) }),
      timestamp: time,
      tools: new Models.Tools({
        components: new Models.ComponentRepository(
          tools.map((tool) => describe(tool, Enums.ComponentType.Application)),
        ),
      }),
    }),
  });
  bom.serialNumber = serialNumber(serialize(bom));
  return serialize(bom);
}

/**
 * A package, with its reference, its purl and its addresses.
 *
 * @param {Record<string, any>} manifest
 * @param {import('@cyclonedx/cyclonedx-library').Enums.ComponentType} type
 */
function describe(manifest, type) {
  const [, group, name = manifest.name] = /^(@[^/]+)\/(.+)$/.exec(manifest.name) ?? [];
  const { version, description } = manifest;
  const purl = `pkg:npm/${manifest.name.replace('@', '%40')}@${version}`;
  const references = new ExternalReferenceFactory().makeExternalReferences({
    ...manifest,
    repository: addressOf(manifest.repository),
  });
  return new Models.Component(type, name, {
    ...{ group, version, description, purl, bomRef: purl },
    author: nameOf(manifest.author),
    externalReferences: new Models.ExternalReferenceRepository(references),
  });
}

/**
 * @param {BundledPackage} bundled
 * @param {string} root
 */
function bundledComponent(bundled, root) {
  const { manifest, license, resolved, integrity } = bundled;
  const component = describe(manifest, Enums.ComponentType.Library);
  // Two versions of a package, or one version in two folders, are two components.
  component.bomRef.value = `${component.purl}#${bundled.folder}`;
  component.hashes.set(...parsePackageIntegrity(integrity));
  component.externalReferences.add(
    new Models.ExternalReference(resolved, Enums.ExternalReferenceType.Distribution, {
      hashes: new Models.HashDictionary(component.hashes),
      comment: 'from package-lock.json',
    }),
  );
  const chosen = licenseOf(bundled);
  const isChoice = chosen !== license;
  component.licenses.add(
    new Models.SpdxLicense(chosen, {
      acknowledgement: isChoice
        ? Enums.LicenseAcknowledgement.Concluded
        : Enums.LicenseAcknowledgement.Declared,
    }),
  );
  if (isChoice) {
    const offered = new Models.LicenseExpression(license);
    offered.acknowledgement = Enums.LicenseAcknowledgement.Declared;
    component.evidence = new Models.ComponentEvidence({
      licenses: new Models.LicenseRepository([offered]),
    });
  }
  for (const part of embeddedParts(bundled, root)) {
    const { version, purl, description } = part;
    const vcs = new Models.ExternalReference(part.repository, Enums.ExternalReferenceType.VCS);
    component.components.add(
      new Models.Component(Enums.ComponentType.Library, part.name, {
        ...{ version, purl, description, bomRef: `${component.bomRef.value}#${part.name}` },
        externalReferences: new Models.ExternalReferenceRepository([vcs]),
        licenses: new Models.LicenseRepository([new Models.SpdxLicense(part.license)]),
      }),
    );
  }
  return component;
}

/**
 * @param {{ path: string, content: Buffer }} file
 * @param {string | undefined} owner the reference of this package
 */
function fileComponent({ path, content }, owner) {
  const hash = createHash('sha512').update(content).digest('hex');
  return new Models.Component(Enums.ComponentType.File, path, {
    bomRef: `${owner}#${path}`,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], hash]]),
  });
}

/** @param {InstanceType<typeof Models.Bom>} bom */
function serialize(bom) {
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { space: 2 })}\n`;
}

/**
 * A UUID of version 8, RFC 9562: its bits are those of a hash of the bill, except the six of version and variant.
 *
 * @param {string} bill the bill without its number
 */
function serialNumber(bill) {
  const bytes = createHash('sha256').update(bill).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `urn:uuid:${[...parts, hex.slice(20)].join('-')}`;
}

/**
 * The address of a repository. package.json may shorten one on GitHub to `owner/name`.
 *
 * @param {string | { url: string } | undefined} repository
 */
function addressOf(repository) {
  const url = typeof repository === 'string' ? repository : repository?.url;
  return url?.replace(/^(?:github:)?([\w.-]+\/[\w.-]+)$/, 'git+https://github.com/$1.git');
}

/**
 * The name in an author of package.json: `Name <e-mail> (address)`, or an object.
 *
 * @param {string | { name: string } | undefined} author
 */
function nameOf(author) {
  return typeof author === 'string' ? author.replace(/\s*[<(].*$/, '') : author?.name;
}

module.exports = { billOfMaterials };
