import { outages } from './faults/outages';
import { testFaults } from './matrix';

testFaults('outages', outages);
