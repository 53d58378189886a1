/** Script of a separate process: carries out a task with a store, and reports the result. */
import { holder, record, storeAt, type Place } from './places';

/** The task of the process. */
export type Task =
  /** Takes the lease of each record. */
  | { do: 'acquire'; place: Place; names: string[]; holder: string }
  /** Stores a record of each name, one after the other. */
  | { do: 'store'; place: Place; names: string[] }
  /** Stores a record, and kills the process as soon as that is done. */
  | { do: 'store and die'; place: Place; name: string }
  /** Reads a record. Then the process ends, unless the store keeps it running. */
  | { do: 'read and leave'; place: Place };

/** The result: the names of the records that the process holds or has stored, or the reason of its failure. */
export type Report = { names: string[] } | { failure: string };

async function carryOut(task: Task): Promise<string[]> {
  const store = storeAt(task.place);
  switch (task.do) {
    case 'acquire': {
      const results = await Promise.all(
        task.names.map((name) => store.acquire(name, holder(task.holder), 60_000)),
      );
      return task.names.filter((_, index) => results[index]?.held);
    }
    case 'store':
      for (const name of task.names) await store.replace(record(name));
      return task.names;
    case 'store and die':
      await store.replace(record(task.name));
      process.kill(process.pid, 'SIGKILL');
      return [];
    case 'read and leave':
      await store.read('nobody');
      return [];
  }
}

process.once('message', (task: Task) => {
  void carryOut(task)
    .then(
      (names): Report => ({ names }),
      (error: Error): Report => ({ failure: `${error.name}: ${error.message}` }),
    )
    // After that, only the store could keep the process running.
    .then((report) => process.send!(report, () => process.disconnect()));
});
process.send!('ready');
