// n8n loads this file before its own code. It ends n8n when the process that started n8n ends, also if that process is killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
