// Loaded into n8n before its own code. It ends n8n when the process that started it has ended, also if that one was killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
