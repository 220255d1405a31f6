// The main job on an example: the founding case of this project. Prints the report and succeeds, although the audit exits with 1.
import { spawnSync } from 'node:child_process';

const audit = ['bin/wa-doctor.js', 'audit', '/app/whatsapp-service', '--root', 'test/fixtures/founding/root'];
console.log(`$ node ${audit.join(' ')}\n`);
const { status } = spawnSync(process.execPath, audit, { stdio: 'inherit' });
console.log(
  `\nThe audit exits with ${status}: ${status === 1 ? 'it found what it should find' : 'that is not what it should say'}.`,
);
process.exitCode = status === 1 ? 0 : 1;
