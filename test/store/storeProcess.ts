/** Run in a process of its own: does what it is told with a store, and reports what came of it. */
import { storeAt, record, type Place } from './places';

/** What the process is told to do. */
export type Task =
  /** Take the lease of each record. */
  | { do: 'acquire'; place: Place; names: string[]; holder: string }
  /** Store a record of each name, one after the other. */
  | { do: 'store'; place: Place; names: string[] }
  /** Store a record, and be killed as soon as that is done. */
  | { do: 'store and die'; place: Place; name: string }
  /** Read, and then end for want of anything to do. */
  | { do: 'read and leave'; place: Place };

/** What the process reports: the names of the records that it holds or has stored; or why it could not. */
export type Report = { names: string[] } | { failure: string };

async function carryOut(task: Task): Promise<string[]> {
  const store = storeAt(task.place);
  switch (task.do) {
    case 'acquire': {
      const results = await Promise.all(
        task.names.map((name) => store.acquire(name, task.holder, 60_000)),
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
    // Nothing but the store could keep the process from ending.
    .then((report) => process.send!(report, () => process.disconnect()));
});
process.send!('ready');
