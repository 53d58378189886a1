import { encodings } from './faults/encodings';
import { testFaults } from './matrix';

testFaults('encodings', encodings);
