import { defineFact } from './graph.ts';

/** Nothing is started to collect facts; `audit --verify` puts its result in the place of this. */
export const verifyFact = defineFact({
  name: 'verify',
  needs: [],
  collect: () => ({ live: null, canary: null }),
});
