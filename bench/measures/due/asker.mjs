/**
 * A process that uses the built package as its node does. A message orders some work, and it answers with the result.
 *
 * It is plain JavaScript, so that Node.js loads it without a compiler.
 */
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { argument, receivedTokens, takeOrders } from '../../orders.mjs';
import { built, packageSettings, refresher } from '../library/package.mjs';

const { keeping, inFlight, slowestFsync, ...bank } = argument();
const settings = { ...packageSettings(bank), ...keeping };
const { clientOf } = built('core/oauth/client');
const { openConsentTokens } = built('core/tokens/openStores');

const refresh = refresher(settings);
const consentTokens = openConsentTokens(await clientOf(settings), settings);

/** The work that a message may order, by its name. */
const works = {
  /** Refreshes without a store. The bank answers to `rt-<name>` with `at-rt-<name>`. */
  async plain(names) {
    return measured(async () => {
      await each(names, async (name) => requireOwn(name, await refresh(`rt-${name}`)));
      return [];
    });
  },

  /** Stores tokens of each consent that expired, all in the same second. */
  async keep(names) {
    const obtainedAt = Date.now() - 3_700_000;
    await each(names, async (name) => {
      const { remarks } = await consentTokens.keep(name, receivedTokens(name, obtainedAt));
      if (remarks.length) throw new Error(remarks.join(' '));
    });
    return {};
  },

  /** Asks for the tokens of all consents at once. */
  async valid(names) {
    const ask = async (name) => {
      const { tokens } = await consentTokens.valid(name);
      requireOwn(name, tokens.access_token);
    };
    return measured(() => Promise.allSettled(names.map(ask)));
  },

  /** Counts the consents whose next refresh token is stored. */
  async stored(names) {
    let count = 0;
    await each(names, async (name) => {
      const { refresh_token: next } = await consentTokens.stored(name);
      if (next === `rt-${name}-next`) count++;
    });
    return { count };
  },
};

function requireOwn(name, accessToken) {
  if (accessToken !== `at-rt-${name}`) throw new Error('The token of another request');
}

/** Does work for all names, for as many at once as may be in flight. */
async function each(names, work) {
  let next = 0;
  const worker = async () => {
    while (next < names.length) await work(names[next++]);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/**
 * Does work and measures it.
 *
 * @param work returns the outcomes of its callers
 * @returns milliseconds, the longest hold-up of the event loop in milliseconds, and the failures by error code: their number, and the first
 *   message
 */
async function measured(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await setTimeout(20);
  delay.reset();
  const started = performance.now();
  const results = await work();
  const milliseconds = performance.now() - started;
  // The last hold-up is measured only after it.
  await setTimeout(5);
  delay.disable();
  const failures = {};
  for (const { reason } of results) {
    if (!reason) continue;
    const failure = (failures[reason.code ?? reason.name] ??= { count: 0, first: reason.message });
    failure.count++;
  }
  return { milliseconds, holdUp: delay.max / 1e6, failures };
}

/** Checks that the disk is as slow as the measure wants it. Otherwise the figure would be one of the usual disk. */
function requireSlowDisk() {
  const file = openSync(join(process.env.N8N_USER_FOLDER, 'trial'), 'w');
  writeSync(file, 'trial');
  const started = performance.now();
  fsyncSync(file);
  const milliseconds = performance.now() - started;
  if (milliseconds < slowestFsync) {
    throw new Error(`fsync takes ${milliseconds} ms, and should take ${slowestFsync}`);
  }
}

if (slowestFsync) requireSlowDisk();
takeOrders(works);
