import { bodies } from './faults/bodies';
import { testFaults } from './matrix';

testFaults('bodies', bodies);
