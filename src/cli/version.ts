import pkg from '../../package.json' with { type: 'json' };

/** The version of the doctor, from package.json. */
export const VERSION: string = pkg.version;
