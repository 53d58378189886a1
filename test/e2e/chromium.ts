import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect } from 'node:tls';
import { chromium, type Browser } from 'playwright-core';

/** The paths of Chromium or Chrome on Debian, Ubuntu, Fedora, macOS and Windows. */
const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const found = (): string | undefined => places.find((place) => place && existsSync(place));

/**
 * Starts a headless Chromium that trusts the well-known authorities and the certificate of one server.
 *
 * @param origin of that server
 * @param authority PEM; the certificate of the server is verified with it before the start
 */
export async function startChromium(origin: string, authority: string): Promise<Browser> {
  const executablePath = found() ?? install();
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      `--ignore-certificate-errors-spki-list=${await publicKeyDigest(origin, authority)}`,
    ],
  });
}

/** Installs Chromium on a Debian machine if this process runs as root, as in CI. */
function install(): string {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-y', ...args], { encoding: 'utf8' });
    apt('update');
    apt('install', '--no-install-recommends', 'chromium');
  }
  const executable = found();
  if (executable) return executable;
  throw new Error(
    'The test of the editor needs Chromium or Chrome: install one, or name it in the variable CHROMIUM.',
  );
}

/** SHA-256 of the public key that a server shows, in base64 (RFC 7469 section 2.4). */
function publicKeyDigest(origin: string, ca: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), servername: hostname, ca }, () => {
      const key = socket
        .getPeerX509Certificate()!
        .publicKey.export({ type: 'spki', format: 'der' });
      socket.destroy();
      resolve(createHash('sha256').update(key).digest('base64'));
    });
    socket.once('error', reject);
  });
}
