#!/usr/bin/env node
// Node version guard, the version, one import.
import { readFileSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [first, second] = process.argv.slice(2);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`wa-doctor: Node ${process.versions.node} is too old; install Node 20.19 or newer\n`);
  process.exitCode = 2;
} else if (second === undefined && (first === '--version' || first === '-V')) {
  // Answered here, before anything is loaded.
  process.stdout.write(`${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}\n`);
} else {
  let program;
  try {
    program = await import('../dist/wa-doctor.js');
  } catch (error) {
    process.stderr.write(
      `wa-doctor: the program is not built or not complete (${error.message}); run: npm run build\n`,
    );
    process.exitCode = 70;
  }
  await program?.start();
}
