import { framings } from './faults/framings';
import { testFaults } from './matrix';

testFaults('framings', framings);
