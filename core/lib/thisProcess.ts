import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { digest } from './digest';

/** The parts of a process's name. */
interface ProcessName {
  /** The running system and its PID namespace: the same number is the same process there. Empty if it is not known. */
  readonly host: string;
  readonly pid: number;
  /** When the process started, in clock ticks since the start of the system. */
  readonly start: string;
}

/** States in `/proc/<pid>/stat` of a process that has ended: zombie, dead. */
const ENDED = ['Z', 'X'];

/** Read once: it never changes. */
const NAME = [hostOf(), process.pid, statusOf('self')?.start ?? '', randomUUID()].join(' ');

/** A name of this process that no other process has, on any host. Another process of this host can tell by it if this one has ended. */
export function thisProcess(): string {
  return NAME;
}

/**
 * Whether a process has ended for certain: it ran on this host, and its number is free, belongs to a process that started at another time,
 * or to a zombie. Of processes of other hosts and containers, nothing is known.
 *
 * @param process its name, see {@link thisProcess}
 */
export function isGone(process: string): boolean {
  const parts = partsOf(process);
  const own = partsOf(thisProcess());
  if (!parts?.host || !parts.start || parts.host !== own?.host) return false;
  if (!exists(parts.pid)) return true;
  const status = statusOf(parts.pid);
  return status !== undefined && (status.start !== parts.start || ENDED.includes(status.state));
}

function partsOf(process: string): ProcessName | undefined {
  const [, host = '', pid, start = ''] = /^(\S*) (\d+) (\d*) \S+$/.exec(process) ?? [];
  return pid === undefined ? undefined : { host, pid: Number(pid), start };
}

/**
 * The identity of the running system (new at each start of it), of the PID namespace, and of the clock that start times are counted by.
 * Copies of a running virtual machine share all of these, so the host name and the machine's ID count, too. Empty on other systems than Linux.
 */
function hostOf(): string {
  try {
    // In a container, `/proc` may be that of another PID namespace.
    if (readlinkSync('/proc/self') !== String(process.pid)) return '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const namespace = readlinkSync('/proc/self/ns/pid');
    // A digest: machine-id(5) asks that the ID is not shown to others.
    return digest(JSON.stringify([boot, namespace, timeNamespace(), machineId(), hostname()]));
  } catch {
    return '';
  }
}

/** Empty if the system has none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** Empty before Linux 5.6, which has none. */
function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return '';
  }
}

/** Whether a number belongs to a process of this PID namespace. `/proc` alone may hide processes of other users. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** State and start of a process, from `/proc` (proc_pid_stat(5)); `undefined` if they cannot be read. */
function statusOf(pid: number | 'self'): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program is in brackets, and may contain spaces and brackets.
    const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const start = fields[18];
    return start === undefined ? undefined : { state, start };
  } catch {
    return undefined;
  }
}
