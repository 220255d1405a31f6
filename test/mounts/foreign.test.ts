import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absolutePath } from '../../src/model/path.ts';
import { judgeDarwin, judgeWindows, parseDarwinMounts, type WindowsDrive } from '../../src/mounts/foreign.ts';
import { letters } from '../../src/mounts/survival.ts';

const MAC = `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//me@nas._smb._tcp.local/bots on /Volumes/bots on tour (smbfs, nodev, nosuid, mounted by me)
/dev/disk5s1 on /Volumes/USB (x) (exfat, local, nodev, nosuid, noowners)
`;

// biome-ignore format: a table
test.each([
  ['/Users/me/bot', '/System/Volumes/Data', 'TTTTF', 'yes', true],
  ['/etc', '/', 'TTTTF', 'no', false],
  ['/private/tmp/x', '/System/Volumes/Data', 'TTT?F', 'yes', true],
  ['/private/var/folders/ab/cd/T/x', '/System/Volumes/Data', 'TTT?F', 'yes', true],
  ['/Users/me/Library/Mobile Documents/com~apple~CloudDocs/bot', '/System/Volumes/Data', 'TTTT?', 'risk', true],
  ['/Volumes/bots on tour/x', '/Volumes/bots on tour', 'TTTTT', 'risk', true],
  ['/Volumes/USB (x)/bot', '/Volumes/USB (x)', 'TTTTF', 'no', true],
])('macOS: %s', (path, mountPoint, survives, fit, writable) => {
  const judged = judgeDarwin(parseDarwinMounts(MAC, 'mount'), absolutePath(path));
  expect([judged.mount?.mountPoint, letters(judged.survives), judged.chromiumFit, judged.writable]).toEqual([mountPoint, survives, fit, writable]);
});

// biome-ignore format: a table
test.each([
  ['C:\\bot\\.wwebjs_auth', 3, 'TTTTF', 'yes'],
  ['C:/Users/me/AppData/Local/Temp/bot', 3, 'TTT?F', 'yes'],
  ['C:\\Users\\me\\OneDrive\\bot', 3, 'TTTT?', 'risk'],
  ['C:\\Users\\me\\OneDriveNot\\bot', 3, 'TTTTF', 'yes'],
  ['\\\\nas\\bots', null, 'TTTTT', 'risk'],
  ['\\\\wsl$\\Ubuntu\\home\\me', null, 'TTTTF', 'risk'],
  ['Z:\\bots', 4, 'TTTTT', 'risk'],
  ['E:\\bots', 2, 'TTT??', 'risk'],
  ['R:\\bots', 6, 'TTTFF', 'yes'],
  ['D:\\bots', null, 'T????', 'unknown'],
  ['bots', null, '?????', 'unknown'],
] as [string, WindowsDrive, string, string][])('Windows: %s', (path, drive, survives, fit) => {
  const env = { TEMP: 'C:\\Users\\me\\AppData\\Local\\Temp', OneDrive: 'C:\\Users\\me\\OneDrive' };
  const judged = judgeWindows(path, env, drive);
  expect([letters(judged.survives), judged.chromiumFit]).toEqual([survives, fit]);
});

test('any text is a table', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.constantFrom('/dev/a', ' on ', '/', ' on /', ' (', ')', 'apfs', ', ', '\n', 'x', ' '))
        .map((parts) => parts.join('')),
      (text) => parseDarwinMounts(text, 'x').mounts.length >= 0,
    ),
  );
});
