import { connections } from './faults/connections';
import { testFaults } from './matrix';

testFaults('connections', connections);
