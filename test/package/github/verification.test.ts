import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const name = 'n8n-nodes-open-banking';

/** The script for Node.js in the steps of SECURITY.md that verify an installation. */
const [, script = ''] =
  /node -e '\n([^']+)'\n/.exec(readFileSync(join(root, 'SECURITY.md'), 'utf8')) ?? [];

const hash = createHash('sha512').update('the archive').digest();
const workflow = {
  ref: 'refs/tags/v0.1.0',
  repository: 'https://github.com/an-owner/a-package',
  path: '.github/workflows/publish.yml',
};

/** An attestation for an archive, in the form in which `npm audit signatures` prints it. */
function attestation(predicateType: string, sha512 = hash.toString('hex')): object {
  const statement = {
    subject: [{ name: `pkg:npm/${name}@0.1.0`, digest: { sha512 } }],
    predicateType,
    predicate: { buildDefinition: { externalParameters: { workflow } } },
  };
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  return { predicateType, bundle: { dsseEnvelope: { payload } } };
}

const publication = attestation('https://github.com/npm/attestation/tree/main/specs/publish/v0.1');
const provenance = attestation('https://slsa.dev/provenance/v1');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'open-banking-verification-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script after this audit. The archive is installed. */
function verify(audit: object): { status: number | null; output: string } {
  const integrity = `sha512-${hash.toString('base64')}`;
  const lock = { packages: { [`node_modules/${name}`]: { version: '0.1.0', integrity } } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(folder, 'audit.json'), JSON.stringify(audit));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

const verified = (of: string, ...attestationBundles: object[]): object => ({
  invalid: [],
  missing: [],
  verified: [{ name: of, version: '0.1.0', attestationBundles }],
});

describe('the steps of SECURITY.md that verify an installation', () => {
  it('print the workflow that made the archive', () => {
    const { status, output } = verify(verified(name, publication, provenance));
    expect(status).toBe(0);
    for (const value of Object.values(workflow)) expect(output).toContain(value);
  });

  it.each<[string, object]>([
    ['no attestation', { invalid: [], missing: [], verified: [] }],
    ['an npm that lists no attestations', { invalid: [], missing: [] }],
    ['an attestation without provenance', verified(name, publication)],
    ['a provenance of another package', verified('other', publication, provenance)],
  ])('fail with %s', (_, audit) => {
    const { status, output } = verify(audit);
    expect(output).toContain('There is no provenance');
    expect(status).toBe(1);
  });

  it('fail with a provenance of another archive', () => {
    const other = attestation('https://slsa.dev/provenance/v1', '00');
    const { status, output } = verify(verified(name, publication, other));
    expect(output).toContain('The provenance is that of another archive');
    expect(status).toBe(1);
  });
});
