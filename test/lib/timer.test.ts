import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { callLater, pause } from '../../core/lib/timer';

describe('callLater', () => {
  it('calls the function once, after the time', async () => {
    const call = jest.fn();
    callLater(20, call);
    expect(call).not.toHaveBeenCalled();
    await after(80);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('does not call it if the call was cancelled', async () => {
    const call = jest.fn();
    callLater(20, call)();
    await after(80);
    expect(call).not.toHaveBeenCalled();
  });
});

describe('pause', () => {
  it('waits for the time', async () => {
    const from = performance.now();
    await pause(30);
    expect(performance.now() - from).toBeGreaterThan(25);
  });
});

it.each(['callLater(60_000, () => undefined)', 'pause(60_000)'])(
  'a process ends although it has called %s',
  (call) => {
    const script = `require('tsx/cjs'); const { callLater, pause } = require(process.argv[1]); ${call};`;
    const from = performance.now();
    execFileSync(process.execPath, ['-e', script, join(__dirname, '../../core/lib/timer.ts')], {
      timeout: 30_000,
    });
    expect(performance.now() - from).toBeLessThan(30_000);
  },
);
