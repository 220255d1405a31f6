#!/usr/bin/env node
// Node version guard, fatal handlers, one import. Plain old syntax, so that an old Node can say what is wrong.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write(`wa-doctor: Node ${process.versions.node} is too old; install Node 20.19 or newer\n`);
  process.exit(2);
}
import('../dist/wa-doctor.js').then(
  (module) => module.start(),
  (error) => {
    process.stderr.write(
      `wa-doctor: the program is not built or not complete (${error.message}); run: npm run build\n`,
    );
    process.exit(70);
  },
);
