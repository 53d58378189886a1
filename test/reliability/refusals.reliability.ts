import { refusals } from './faults/refusals';
import { testFaults } from './matrix';

testFaults('refusals', refusals);
