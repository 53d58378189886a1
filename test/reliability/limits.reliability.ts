import { limits } from './faults/limits';
import { testFaults } from './matrix';

testFaults('limits', limits);
