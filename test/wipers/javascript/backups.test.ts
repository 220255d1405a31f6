import { describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { openSource } from '../../../src/session/source/tree.ts';
import { sourceBackups } from '../../../src/wipers/javascript/backups.ts';
import { targetOf } from '../../../src/wipers/targets.ts';
import { scratchTree } from '../tree.ts';

const SESSION = '.wwebjs_auth/session';

async function backups(source: string, file = 'jobs/backup.js') {
  const project = scratchTree({ 'package.json': '{"dependencies":{"whatsapp-web.js":"^1.34.0"}}', [file]: source });
  const opened = await openSource(createReader(), project);
  if (!opened.ok) throw new Error(opened.reason);
  return sourceBackups(opened.tree, project, [targetOf(project, SESSION)]);
}

describe('backups that the source makes', () => {
  it.each<[string, string, { tool: string; automatic: boolean; stops: boolean } | null]>([
    [
      'fs.cp on a timer',
      "const fs = require('fs');\nsetInterval(() => fs.cp('./.wwebjs_auth', './backup/' + Date.now(), { recursive: true }, () => {}), 3600000);",
      { tool: 'fs.cp', automatic: true, stops: false },
    ],
    [
      'archiver in a job that cron runs',
      "import archiver from 'archiver';\nimport cron from 'node-cron';\nasync function save() {\n  const archive = archiver('zip');\n  archive.directory('.wwebjs_auth/', 'session');\n  await archive.finalize();\n}\ncron.schedule('0 3 * * *', save);",
      { tool: 'archiver().directory', automatic: true, stops: false },
    ],
    [
      'tar after the client was closed',
      "import * as tar from 'tar';\nexport async function backup(client) {\n  await client.destroy();\n  await tar.create({ gzip: true, file: 'b.tgz' }, ['.wwebjs_auth']);\n}",
      { tool: 'tar.create', automatic: false, stops: true },
    ],
    [
      'a shell command',
      "const { exec } = require('child_process');\nsetInterval(function () { exec('tar czf /backup/s.tgz .wwebjs_auth'); }, 1000);",
      { tool: 'tar', automatic: true, stops: false },
    ],
    [
      'adm-zip on request',
      "const AdmZip = require('adm-zip');\nconst path = require('path');\nmodule.exports.backupSession = (req, res) => {\n  const zip = new AdmZip();\n  zip.addLocalFolder(path.join(__dirname, '../.wwebjs_auth'));\n  res.send(zip.toBuffer());\n};",
      { tool: 'adm-zip().addLocalFolder', automatic: false, stops: false },
    ],
    [
      'another directory',
      "const fs = require('fs');\nsetInterval(() => fs.cpSync('./public', './backup', { recursive: true }), 1000);",
      null,
    ],
    [
      'a copy back into the session',
      "const fs = require('fs');\nfunction restoreBackup() { fs.cpSync('./backup/last', './.wwebjs_auth', { recursive: true }); }\nrestoreBackup();",
      null,
    ],
    [
      'a text that only speaks of it',
      "// setInterval(() => fs.cp('.wwebjs_auth', 'backup'))\nconsole.log('backup');",
      null,
    ],
  ])('%s', async (_, source, expected) => {
    const found = await backups(source, source.includes('import ') ? 'jobs/backup.mjs' : 'jobs/backup.js');
    expect(found.map(({ tool, automatic, stopsBot }) => ({ tool, automatic, stops: stopsBot }))).toEqual(
      expected === null ? [] : [expected],
    );
  });
});
