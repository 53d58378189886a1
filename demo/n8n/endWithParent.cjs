// Loaded into n8n before its own code: ends it when the process that started it is gone,
// even where that one was killed and could not say so.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
