import { handshakes } from './faults/handshakes';
import { testFaults } from './matrix';

testFaults('handshakes', handshakes);
