import { statuses } from './faults/statuses';
import { testFaults } from './matrix';

testFaults('statuses', statuses);
