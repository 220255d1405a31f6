import { indexedDbFiles, localStorageFiles, writeProfile } from '../test/profile/stores/synthetic.ts';

/** Run by inspect.bench.mjs: makes a linked profile and prints where. */
console.log(writeProfile(localStorageFiles(), indexedDbFiles()));
