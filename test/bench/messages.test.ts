import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { asked, nextMessage } from '../../bench/messages';

function running(script: string) {
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

it('nextMessage() fails if the process ends before its first message', async () => {
  const message = nextMessage(running(''), 'The bank');
  await expect(message).rejects.toThrow('The bank ended unexpectedly');
});

it('asked() fails if the process ends without an answer, or has ended before', async () => {
  const child = running("process.on('message', () => process.exit())");
  await expect(asked(child, {}, 'The bank')).rejects.toThrow('ended unexpectedly');
  await expect(asked(child, {}, 'The bank')).rejects.toThrow('ended unexpectedly');
});

it('asked() returns the answer of the process', async () => {
  const child = running("process.on('message', (message) => process.send({ message }))");
  await expect(asked(child, { a: 1 }, 'The bank')).resolves.toEqual({ message: { a: 1 } });
  child.kill();
  await once(child, 'exit');
});
