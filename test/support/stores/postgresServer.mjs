/**
 * Script of a separate process: a PostgreSQL that ends with the process that started it.
 *
 * Arguments: the executable, its data folder, its port, and the IDs of user and group if it runs as another user.
 */
import { spawn } from 'node:child_process';

const [executable, data, port, uid, gid] = process.argv.slice(2);

const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
const postgres = spawn(
  executable,
  ['-D', data, '-p', port, ...settings.flatMap((setting) => ['-c', setting])],
  {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C reaches only the process group of the terminal. This process passes its signals on.
    detached: true,
    ...(uid && { uid: Number(uid), gid: Number(gid) }),
  },
);

let log = '';
postgres.stderr.setEncoding('utf8').on('data', (text) => {
  log = (log + text).slice(-4000);
  if (text.includes('ready to accept connections')) process.send?.({ ready: true });
});
postgres.once('error', (error) => {
  process.send?.({ failure: error.message });
  process.disconnect?.();
});
postgres.once('exit', () => {
  if (process.connected) process.send({ failure: log }, () => process.exit());
  else process.exit();
});

// "Fast shutdown": connections are ended, and committed data stays.
const end = () => postgres.kill('SIGINT');
process.once('disconnect', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end);
