import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DemoFailure } from './failure';

/** The options of the command line. */
export interface DemoOptions {
  /** Whether to end after J1, J2 and J5. Otherwise the editor stays open. */
  once: boolean;
  help: boolean;
  /** Port of the n8n editor. */
  port: number;
  /** Port of the sandbox bank's identity server. */
  identityPort: number;
  /** Port of the sandbox bank's API gateway. */
  gatewayPort: number;
  /** Absolute path of the directory for the data of n8n and the bank. */
  directory: string;
}

/** The text of `--help`. */
export const usage = `Usage: npm run demo -- [options]

Starts a sandbox bank and a real n8n with this package, runs the workflows J1, J2 and J5 of
examples/, and prints what the bank returned. Then it leaves the editor open with the workflows of
J1 to J5. It prints a link on which you give consent as the bank's customer, and the values for
making the credential by hand.

  --once                  run J1, J2 and J5, and end
  --port <port>           port of the n8n editor (5678)
  --identity-port <port>  port of the bank's identity server (9446)
  --gateway-port <port>   port of the bank's API gateway (8243)
  --directory <directory> directory for the data of n8n and the bank (.demo)
  --help                  print this text

n8n and the Node.js that it needs (3 GB) are stored in .demo/, or in the folder OPEN_BANKING_DEMO_DIRECTORY.`;

/**
 * Reads the command line.
 *
 * @throws {@link DemoFailure} for an unknown option or an invalid port
 */
export function parseOptions(argv: string[]): DemoOptions {
  const values = parse(argv);
  return {
    once: values.once,
    help: values.help,
    port: port('--port', values.port),
    identityPort: port('--identity-port', values['identity-port']),
    gatewayPort: port('--gateway-port', values['gateway-port']),
    directory: resolve(values.directory),
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        port: { type: 'string', default: '5678' },
        'identity-port': { type: 'string', default: '9446' },
        'gateway-port': { type: 'string', default: '8243' },
        directory: { type: 'string', default: join(__dirname, '..', '.demo') },
      },
    }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw new DemoFailure(`${reason}: see npm run demo -- --help.`);
  }
}

function port(option: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65_535) return number;
  throw new DemoFailure(`${option} takes a port from 1 to 65535, not "${text}".`);
}
