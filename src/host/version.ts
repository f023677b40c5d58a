import { version } from '../../package.json';

/** Version of MCPO Lab, from package.json. */
export const VERSION: string = version;
