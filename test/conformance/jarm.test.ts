import { describeModules } from './modules';

describeModules((name) => name.startsWith('jarm-'));
